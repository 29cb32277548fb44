using Rer.Engine.Input;
using Rer.Engine.Options;

namespace Rer.Engine.Runs.Planning;

/// <summary>A plan as a file: what `rer show RUN --plan` writes, a person edits, and `rer train --plan` reads.</summary>
public static class PlanFile
{
    /// <summary>Largest file that is read, in bytes: a plan has some two thousand.</summary>
    private const int Largest = 16 << 20;

    /// <summary>Reads a plan.</summary>
    /// <param name="file">The file; UTF-8.</param>
    /// <exception cref="PlanException">The file cannot be read, or is no plan; it has every field that is wrong, with its path.</exception>
    public static RunPlan Read(string file)
    {
        try
        {
            return JsonInput.Read<RunPlan>(InputFile.ReadAllBytes(file, Largest));
        }
        catch (JsonInputException error)
        {
            throw new PlanException([.. error.Errors.Select(wrong => new PlanError("plan", $"{file}:", $"{wrong}"))]);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new PlanException([new PlanError("plan", "", error.Message)]);
        }
    }
}
