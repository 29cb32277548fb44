namespace Rer.Engine.Tokenizers.Patterns;

/// <summary>Turns a pattern's tree into a program of the pattern machine.</summary>
internal sealed class PatternCompiler
{
    /// <summary>A program may have this many instructions; those of published tokenizers have some hundred.</summary>
    public const int MostInstructions = 50_000;

    private readonly List<PatternInstruction> _program = [];
    private int _slots;

    /// <summary>The program, and how many positions its loops have to remember.</summary>
    /// <exception cref="FormatException">The program would be too long: intervals repeat what they stand behind.</exception>
    public static (PatternInstruction[] Program, int Slots) Compile(PatternNode tree)
    {
        if (tree.Size > MostInstructions)
            throw new FormatException($"the regular expression takes more than {MostInstructions:N0} steps written out");
        var compiler = new PatternCompiler();
        compiler.Emit(tree);
        compiler.Add(PatternOperation.Accept);
        return (compiler._program.ToArray(), compiler._slots);
    }

    private void Emit(PatternNode node)
    {
        switch (node)
        {
            case PatternNode.Set set: Add(PatternOperation.Read, set: set.Members); break;
            case PatternNode.Sequence sequence: foreach (var item in sequence.Items) Emit(item); break;
            case PatternNode.Alternation alternation: EmitAlternation(alternation); break;
            case PatternNode.Repeat repeat: EmitRepeat(repeat); break;
            case PatternNode.Atomic atomic:
                Add(PatternOperation.Mark, -1);
                Emit(atomic.Body);
                Add(PatternOperation.Commit);
                break;
            case PatternNode.Look look: EmitLook(look); break;
            case PatternNode.StepBack back: Add(PatternOperation.StepBack, back.Count); break;
            case PatternNode.Assert assert: Add(PatternOperation.Assert, (int)assert.Anchor); break;
            default: throw new InvalidOperationException($"{node.GetType()} has no instructions.");
        }
    }

    private void EmitAlternation(PatternNode.Alternation alternation)
    {
        var exits = new List<int>();
        for (var i = 0; i < alternation.Choices.Count; i++)
        {
            var last = i == alternation.Choices.Count - 1;
            var fork = last ? -1 : Add(PatternOperation.Fork);
            Emit(alternation.Choices[i]);
            if (last) continue;
            exits.Add(Add(PatternOperation.Jump));
            _program[fork] = new PatternInstruction(PatternOperation.Fork, fork + 1, _program.Count);
        }
        foreach (var exit in exits) _program[exit] = new PatternInstruction(PatternOperation.Jump, _program.Count);
    }

    private void EmitRepeat(PatternNode.Repeat repeat)
    {
        for (var i = 0; i < repeat.Least; i++) Emit(repeat.Body);
        if (repeat.Most is null)
        {
            EmitLoop(repeat);
            return;
        }
        var forks = new List<int>();
        for (var i = repeat.Least; i < repeat.Most; i++)
        {
            forks.Add(Add(PatternOperation.Fork));
            Emit(repeat.Body);
        }
        foreach (var fork in forks) _program[fork] = Fork(fork + 1, _program.Count, repeat.Lazy);
    }

    private void EmitLoop(PatternNode.Repeat repeat)
    {
        if (repeat.Body is PatternNode.Set set && !repeat.Lazy)
        {
            Add(PatternOperation.ReadMany, set: set.Members);
            return;
        }
        var fork = Add(PatternOperation.Fork);
        var mayBeEmpty = repeat.Body.Width is null or <= 0;
        var slot = mayBeEmpty ? _slots++ : -1;
        if (mayBeEmpty) Add(PatternOperation.NoteRound, slot);
        Emit(repeat.Body);
        var check = mayBeEmpty ? Add(PatternOperation.LeaveIfEmpty) : -1;
        Add(PatternOperation.Jump, fork);
        _program[fork] = Fork(fork + 1, _program.Count, repeat.Lazy);
        if (mayBeEmpty) _program[check] = new PatternInstruction(PatternOperation.LeaveIfEmpty, slot, _program.Count);
    }

    private void EmitLook(PatternNode.Look look)
    {
        var mark = Add(PatternOperation.Mark, -1);
        Emit(look.Body);
        Add(look.Negative ? PatternOperation.Refuse : PatternOperation.Return);
        // A negative look ahead whose body fails goes on behind it.
        if (look.Negative) _program[mark] = new PatternInstruction(PatternOperation.Mark, _program.Count);
    }

    private static PatternInstruction Fork(int body, int exit, bool lazy) => lazy
        ? new PatternInstruction(PatternOperation.Fork, exit, body)
        : new PatternInstruction(PatternOperation.Fork, body, exit);

    private int Add(PatternOperation operation, int first = 0, CodePointSet? set = null)
    {
        _program.Add(new PatternInstruction(operation, first, 0, set));
        return _program.Count - 1;
    }
}
