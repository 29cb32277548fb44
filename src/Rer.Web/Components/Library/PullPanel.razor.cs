using Microsoft.AspNetCore.Components;
using Rer.Engine.Hub;
using Rer.Engine.Library;
using Rer.Engine.Storage;
using Rer.Web.Formatting;

namespace Rer.Web.Components.Library;

/// <summary>Fetches models and data from the Hub, and shows how far each is; a pull goes on when the page is left.</summary>
public sealed partial class PullPanel
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private string _repository = "";
    private string _revision = new PullRequest(new HubRepository("", false), "").Revision;
    private string _include = "";
    private string? _error;
    private int _done;

    [Inject] private PullService Pulls { get; set; } = default!;

    [Inject] private IRunStore Store { get; set; } = default!;

    /// <summary>A pull has ended, and the library holds more than before.</summary>
    [Parameter] public EventCallback Done { get; set; }

    private string Source
    {
        get
        {
            try
            {
                var options = Pulls.Options();
                var token = options.Token is null ? "without a token (HF_TOKEN)" : "with the token in HF_TOKEN";
                return $"{options.Endpoint.Authority}, {token}";
            }
            catch (HubException error)
            {
                return error.Message;
            }
        }
    }

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        _done = Ended;
        await Follow(async left =>
        {
            using var changed = new SemaphoreSlim(0);
            void Release() => changed.Release();
            Pulls.Changed += Release;
            try
            {
                while (true)
                {
                    await changed.WaitAsync(left);
                    // A pull tells of itself more often than a page needs.
                    await Task.Delay(Interval, left);
                    while (changed.Wait(0, left)) { }
                    await Show();
                }
            }
            finally
            {
                Pulls.Changed -= Release;
            }
        });
    }

    private int Ended => Pulls.Jobs.Count(job => job.State == PullState.Done);

    private async Task Show()
    {
        StateHasChanged();
        var (before, now) = (_done, Ended);
        _done = now;
        if (now > before) await Done.InvokeAsync();
    }

    private void Start()
    {
        _error = null;
        try
        {
            var repository = HubRepository.Parse(_repository.Trim());
            Pulls.Add(new PullRequest(repository, StudyLibrary.FolderOf(Store.Folder, repository))
            {
                Revision = _revision.Trim().Length == 0 ? "main" : _revision.Trim(),
                Include = _include.Split((char[])[' ', ','], StringSplitOptions.RemoveEmptyEntries),
            });
            _repository = "";
        }
        catch (HubException error)
        {
            _error = error.Message;
        }
    }

    private static double Share(PullJob job) => job.Progress is { AllBytes: > 0 } progress ? (double)progress.Bytes / progress.AllBytes : 0;

    private static string? Percent(PullJob job) =>
        job.State == PullState.Done ? null : job.Progress is { AllBytes: > 0 } ? Display.Percent(Share(job)) : null;

    private static string LeftOut(PullResult result) =>
        result.Pickles.Count == 0 ? "" : $". Left out, being pickles: {string.Join(", ", result.Pickles)}";

    private static string Says(PullJob job) => (job.State, job.Progress) switch
    {
        (PullState.Done, _) => $"{Display.Size(job.Result!.Bytes)}, every checksum right. {job.Result.Folder}{LeftOut(job.Result)}",
        (PullState.Waiting, _) => "waits for the one before it",
        (PullState.Running, null) => "asks what is there",
        (_, null) => "",
        (PullState.Running, { Note: { } note }) => note,
        (_, { AllBytes: 0 }) => "",
        (PullState.Running, { } progress) => $"{Amount(progress)}, {progress.Files} of {Display.Plural(progress.AllFiles, "file")}"
            + (progress.BytesPerSecond > 0 ? $", {Display.Size(progress.BytesPerSecond)}/s" : "")
            + (progress.Remaining is { } left ? $", {Display.Duration(left.TotalSeconds)} left" : "")
            + (progress.File.Length > 0 ? $": {progress.File}" : ""),
        (_, { } progress) => $"{Amount(progress)}. What has come is kept.",
    };

    private static string Amount(PullProgress progress) => $"{Display.Size(progress.Bytes)} of {Display.Size(progress.AllBytes)}";
}
