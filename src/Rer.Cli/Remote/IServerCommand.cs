namespace Rer.Cli.Remote;

/// <summary>A command that knows what to do with `--server`.</summary>
internal interface IServerCommand;
