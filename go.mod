module github.com/hubkit/hubkit

go 1.26
