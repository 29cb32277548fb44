using Rer.Cli;

return RerCommand.Run(args, CommandConsole.OfProcess());
