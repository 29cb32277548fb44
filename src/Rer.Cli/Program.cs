using Rer.Cli;

CommandConsole console;
try
{
    console = CommandConsole.OfProcess();
}
catch (Exception error) when (error is IOException or UnauthorizedAccessException or PlatformNotSupportedException)
{
    Console.Error.WriteLine($"rer: the terminal cannot be used: {error.Message}");
    return ExitCode.Failed;
}

return RerCommand.Run(args, console);
