package registration

type Checker interface {
	Name() string
	Check(text string) (string, error)
}

func builtinChecker(string) (Checker, bool) { return nil, false }
