using System.Diagnostics;
using System.Text;
using Rer.Web.Tests.Browser;
using Rer.Web.Tests.Stores;

namespace Rer.Web.Tests.Api;

/// <summary>A client in TypeScript, generated from the interface's description, against a server that asks for its token.</summary>
public sealed class GeneratedClientTests
{
    [NodeFact]
    public async Task It_checks_a_plan_launches_it_and_follows_its_events()
    {
        var folder = Directory.CreateTempSubdirectory("rer-client-").FullName;
        try
        {
            await using var server = await DashboardServer.Start(
                (plan, context) => new ScriptedSession(plan, context, TimeSpan.FromMilliseconds(20)),
                options: options => options with { Urls = "http://0.0.0.0:0" });
            foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Api", "Client")))
                File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
            using (var client = new HttpClient())
            {
                client.DefaultRequestHeaders.Authorization = new("Bearer", server.Doors.Token!.Text);
                await File.WriteAllTextAsync(Path.Combine(folder, "openapi.json"),
                    await client.GetStringAsync(server.Address + "api/openapi.json"));
            }

            await Run(folder, "npm", "install", "--no-audit", "--no-fund", "--loglevel=error");
            await Run(folder, "npx", "openapi-typescript", "openapi.json", "--output", "rer.d.ts");
            await Run(folder, "npx", "tsc", "--project", ".");
            var output = await Run(folder, "node", "client.js", server.Address.TrimEnd('/'), server.Doors.Token!.Text);

            Assert.Equal(
                [
                    "wrong: clip-range", "right: 0 errors", "refused: 400 batch-size", "events: 6 step, 3 evaluation, 3 checkpoint",
                    "run: Finished at 6",
                ],
                output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<string> Run(string folder, string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        var (output, error) = (process.StandardOutput.ReadToEndAsync(patience.Token), process.StandardError.ReadToEndAsync(patience.Token));
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }

        Assert.True(process.ExitCode == 0,
            new StringBuilder().AppendLine($"{program} {arguments[0]}").AppendLine(await output).AppendLine(await error).ToString());
        return await output;
    }
}
