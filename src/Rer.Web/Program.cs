using Rer.Engine.Runs;
using Rer.Web.Hosting;

ServerOptions options;
try
{
    options = ServerOptions.Parse(args);
}
catch (ArgumentException error)
{
    Console.Error.WriteLine(error.Message);
    return 2;
}
if (options.Help)
{
    Console.WriteLine(ServerOptions.Usage);
    return 0;
}
try
{
    RunCoordinator coordinator;
    await using (var app = Dashboard.Build(options))
    {
        coordinator = app.Services.GetRequiredService<RunCoordinator>();
        coordinator.Start();
        await app.StartAsync();
        Console.WriteLine($"Rer: {string.Join(", ", app.Urls)}   store: {options.Store}");
        if (BrowserWindow.CanOpen) BrowserWindow.Open(app.Urls);
        await app.WaitForShutdownAsync();
    }
    if (coordinator.StillWorks) ProcessEnd.Now(0);
    return 0;
}
catch (Exception error) when (error is StoreException or StoreInUseException or InvalidDataException or IOException or InvalidOperationException)
{
    Console.Error.WriteLine(error.Message);
    return 1;
}
