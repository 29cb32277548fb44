namespace Rer.Engine.Data.Jinja.Runtime;

/// <summary>
/// What one rendering may use. A template is written by whoever published the model: it must end before the machine's time and memory do.
/// </summary>
/// <remarks>
/// A step is one node evaluated, one element visited, or sixteen characters read or written. What is given to a template counts too: a
/// long dialogue has a larger budget.
/// </remarks>
internal sealed class RenderBudget
{
    /// <summary>Steps of a rendering that was given nothing; published templates take some thousands.</summary>
    public const long BaseSteps = 10_000_000;

    /// <summary>Characters, over all texts that are made on the way, of a rendering that was given nothing.</summary>
    public const long BaseCharacters = 16_000_000;

    /// <summary>Macros and recursive loops may call one another this deep.</summary>
    public const int MostCalls = 200;

    /// <summary>Lists and mappings may hold one another this deep.</summary>
    public const int DeepestValue = 200;

    // A .NET text cannot be longer than some 10^9 characters.
    private const long LongestText = 500_000_000;
    private const int PerInput = 64;
    private const int CharactersAStep = 16;
    private const int StepsAnElement = 4;

    private readonly long _mostSteps;
    private readonly long _mostCharacters;
    private long _steps;
    private long _characters;
    private int _calls;

    /// <summary>The budget of one rendering.</summary>
    /// <param name="inputSize">Characters and elements of the values that the template is given.</param>
    public RenderBudget(long inputSize = 0)
    {
        _steps = _mostSteps = BaseSteps + PerInput * inputSize;
        _characters = _mostCharacters = Math.Min(LongestText, BaseCharacters + PerInput * inputSize);
    }

    /// <summary>One node, or one element.</summary>
    /// <exception cref="EvaluationException">No step is left.</exception>
    public void Step()
    {
        if (--_steps < 0) throw TooManySteps();
    }

    /// <summary>Several steps at once.</summary>
    /// <exception cref="EvaluationException">There are not that many left.</exception>
    public void Step(long count)
    {
        if ((_steps -= count) < 0) throw TooManySteps();
    }

    /// <summary>Characters that are gone through.</summary>
    /// <exception cref="EvaluationException">There are not enough steps left.</exception>
    public void Read(long characters) => Step(characters / CharactersAStep);

    /// <summary>Characters of a text that is about to be made.</summary>
    /// <exception cref="EvaluationException">They are more than may be written.</exception>
    public void Write(long characters)
    {
        if ((_characters -= characters) < 0)
            throw new EvaluationException($"the template makes texts of more than {_mostCharacters:N0} characters: does one grow?");
        Step(characters / CharactersAStep);
    }

    /// <summary>Elements of a list that is about to be made.</summary>
    /// <exception cref="EvaluationException">There are not enough steps left.</exception>
    public void Hold(long elements)
    {
        // Compared before it is multiplied: a template may ask for 2^62 elements.
        if (elements > _steps) throw TooManySteps();
        Step(elements * StepsAnElement);
    }

    /// <summary>A macro or a recursive loop is called.</summary>
    /// <exception cref="EvaluationException">The calls are nested too deep.</exception>
    public void Enter()
    {
        if (++_calls > MostCalls)
            throw new EvaluationException($"calls are nested too deep, more than {MostCalls}: does a macro call itself without end?");
    }

    /// <summary>The call that was entered last is over.</summary>
    public void Leave() => _calls--;

    /// <summary>Checks how deep a value is nested in others.</summary>
    /// <exception cref="EvaluationException">Too deep.</exception>
    public static void CheckDepth(int depth)
    {
        if (depth > DeepestValue) throw new EvaluationException($"lists and mappings are nested more than {DeepestValue} deep.");
    }

    private EvaluationException TooManySteps() =>
        new($"the template takes more than {_mostSteps:N0} steps: are loops over long ranges nested?");
}
