using Rer.Engine.Runs;
using Rer.Engine.Storage;

namespace Rer.Web.Plans;

/// <summary>What a run is to be called besides its plan.</summary>
/// <param name="Tags">Tags with commas between them.</param>
/// <param name="Note">A note in plain text.</param>
public sealed record RunLabel(string Tags, string Note)
{
    /// <summary>No tags, no note.</summary>
    public static RunLabel None { get; } = new("", "");

    /// <summary>Checks that it can be written on a run.</summary>
    /// <exception cref="ArgumentException">It is too long.</exception>
    public void Check()
    {
        RunLabels.Tags(Tags.Split(','));
        RunLabels.Note(Note);
    }

    /// <summary>Writes it on a run.</summary>
    public void Put(IRunStore store, string runId)
    {
        if (Tags.Length > 0) store.SetTags(runId, Tags.Split(','));
        if (Note.Length > 0) store.SetNote(runId, Note);
    }
}
