// Package house holds the code and its documents to what they promise about the
// whole: who may import whom (docs/architecture.md), and that docs/failures.md
// explains every text that a user can see.
package house

// root is the folder of the module, from here.
const root = "../.."
