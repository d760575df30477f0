package logconfig

// Check reads a document and reports everything that is wrong with it, as an
// [*Error] that calls it by name. It starts nothing, opens no file and needs no
// AWS: what only these can tell, such as a folder that does not exist, is an
// error of [Load].
func Check(name string, data []byte) error {
	_, err := readPlan(name, data)
	return err
}
