using Rer.Engine.Runs.Queue;
using Rer.Engine.Storage;
using Rer.Web.Access;
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
        var doors = app.Services.GetRequiredService<Doors>();
        if (doors.Open) Console.Error.WriteLine("Warning: --no-token: whoever reaches this dashboard can do with it what you can.");
        var addresses = app.Urls.Select(doors.Printed).ToList();
        Console.WriteLine($"Rer: {string.Join(", ", addresses)}   store: {options.Store}");
        if (BrowserWindow.CanOpen) BrowserWindow.Open(addresses);
        await app.WaitForShutdownAsync();
    }
    if (coordinator.StillWorks) ProcessEnd.Now(0);
    return 0;
}
catch (ArgumentException error)
{
    Console.Error.WriteLine(error.Message);
    return 2;
}
catch (Exception error)
    when (error is StoreException or StoreInUseException or InvalidDataException or IOException or InvalidOperationException)
{
    Console.Error.WriteLine(error.Message);
    return 1;
}
