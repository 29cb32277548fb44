using Rer.Engine.Tokenizers.Unicode;

namespace Rer.Engine.Tokenizers.Patterns;

/// <summary>One run of the pattern machine over a text.</summary>
internal ref struct PatternRun(PatternInstruction[] program, ReadOnlySpan<char> text, int slots, string place)
{
    // Sixteen bytes each.
    private const int MostChoices = 1 << 23;

    /// <summary>A choice to return to. Kind tells what <see cref="Argument"/> means.</summary>
    private readonly record struct Choice(ChoiceKind Kind, int Argument, int At, int Floor = 0);

    private enum ChoiceKind
    {
        /// <summary>Go on at instruction Argument, position At.</summary>
        Resume,

        /// <summary>A run of single reads: give back one code point, down to Floor, and go on at instruction Argument.</summary>
        GiveBack,

        /// <summary>The mark of an open group; its body has failed. Argument is where to go on, or -1 to fail further.</summary>
        Mark,

        /// <summary>Put At back into slot Argument, and fail further.</summary>
        Restore,
    }

    private readonly ReadOnlySpan<char> _text = text;
    private readonly int[] _slots = slots == 0 ? [] : new int[slots];
    private Choice[] _choices = [];
    private int _count;

    /// <summary>Where the match that starts at <paramref name="start"/> ends, or -1.</summary>
    /// <exception cref="InvalidDataException">It takes more steps than are left, or leaves too many choices open.</exception>
    public int Match(int start, ref MatchBudget budget)
    {
        budget.Spend(_slots.Length, place);
        _count = 0;
        Array.Fill(_slots, -1);
        var pc = 0;
        var at = start;
        while (true)
        {
            budget.Spend(1, place);
            ref readonly var step = ref program[pc];
            var ok = true;
            switch (step.Operation)
            {
                case PatternOperation.Read:
                    ok = at < _text.Length && step.Set!.Contains(CodePoint.At(_text, at, out var length)) && Advance(ref at, length);
                    pc++;
                    break;
                case PatternOperation.ReadMany:
                    var floor = at;
                    while (at < _text.Length && step.Set!.Contains(CodePoint.At(_text, at, out var one))) at += one;
                    pc++;
                    budget.Spend(at - floor, place);
                    if (at > floor) Push(new Choice(ChoiceKind.GiveBack, pc, at, floor));
                    break;
                case PatternOperation.Fork:
                    Push(new Choice(ChoiceKind.Resume, step.Second, at));
                    pc = step.First;
                    break;
                case PatternOperation.Jump:
                    pc = step.First;
                    break;
                case PatternOperation.Mark:
                    Push(new Choice(ChoiceKind.Mark, step.First, at));
                    pc++;
                    break;
                case PatternOperation.Commit:
                    Cut();
                    pc++;
                    break;
                case PatternOperation.Return:
                    at = Cut();
                    pc++;
                    break;
                case PatternOperation.Refuse:
                    Cut();
                    ok = false;
                    break;
                case PatternOperation.StepBack:
                    budget.Spend(step.First, place);
                    ok = StepBack(ref at, step.First);
                    pc++;
                    break;
                case PatternOperation.Assert:
                    ok = Holds((PatternAnchor)step.First, at);
                    pc++;
                    break;
                case PatternOperation.NoteRound:
                    Push(new Choice(ChoiceKind.Restore, step.First, _slots[step.First]));
                    _slots[step.First] = at;
                    pc++;
                    break;
                case PatternOperation.LeaveIfEmpty:
                    pc = _slots[step.First] == at ? step.Second : pc + 1;
                    break;
                default:
                    return at;
            }
            if (!ok && !Backtrack(out pc, out at)) return -1;
        }
    }

    private static bool Advance(ref int at, int length)
    {
        at += length;
        return true;
    }

    private bool Backtrack(out int pc, out int at)
    {
        while (_count > 0)
        {
            var choice = _choices[--_count];
            (pc, at) = (choice.Argument, choice.At);
            switch (choice.Kind)
            {
                case ChoiceKind.Resume:
                    return true;
                case ChoiceKind.GiveBack:
                    CodePoint.Before(_text, at, out var length);
                    at -= length;
                    if (at > choice.Floor) Push(choice with { At = at });
                    return true;
                case ChoiceKind.Mark when pc >= 0:
                    return true;
                case ChoiceKind.Restore:
                    _slots[choice.Argument] = choice.At;
                    break;
            }
        }
        (pc, at) = (0, 0);
        return false;
    }

    /// <summary>Forgets all choices down to the innermost mark, the mark included; gives the mark's position.</summary>
    private int Cut()
    {
        while (true)
        {
            var choice = _choices[--_count];
            if (choice.Kind == ChoiceKind.Mark) return choice.At;
        }
    }

    private readonly bool StepBack(ref int at, int count)
    {
        for (var i = 0; i < count; i++)
        {
            if (at == 0) return false;
            CodePoint.Before(_text, at, out var length);
            at -= length;
        }
        return true;
    }

    private readonly bool Holds(PatternAnchor anchor, int at) => anchor switch
    {
        PatternAnchor.TextStart => at == 0,
        PatternAnchor.TextEnd => at == _text.Length,
        PatternAnchor.TextEndOrLastNewline => at == _text.Length || at == _text.Length - 1 && _text[at] == '\n',
        PatternAnchor.LineStart => at == 0 || at < _text.Length && _text[at - 1] == '\n',
        PatternAnchor.LineEnd => at == _text.Length || _text[at] == '\n',
        PatternAnchor.WordBoundary => WordBefore(at) != WordAfter(at),
        _ => WordBefore(at) == WordAfter(at),
    };

    private readonly bool WordBefore(int at) => at > 0 && CodePointSet.IsWord(CodePoint.Before(_text, at, out _));

    private readonly bool WordAfter(int at) => at < _text.Length && CodePointSet.IsWord(CodePoint.At(_text, at, out _));

    private void Push(Choice choice)
    {
        if (_count == MostChoices)
            throw new InvalidDataException($"{place}: the regular expression leaves more than {MostChoices:N0} choices open.");
        if (_count == _choices.Length) Array.Resize(ref _choices, Math.Max(16, 2 * _count));
        _choices[_count++] = choice;
    }
}
