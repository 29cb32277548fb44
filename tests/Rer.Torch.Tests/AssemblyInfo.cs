// Handle counts and the thread's modes are the process's: tests that read them cannot share it with others.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
