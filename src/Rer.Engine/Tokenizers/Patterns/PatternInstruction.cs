namespace Rer.Engine.Tokenizers.Patterns;

/// <summary>What an instruction of the pattern machine does.</summary>
internal enum PatternOperation
{
    /// <summary>Reads one code point of <see cref="PatternInstruction.Set"/>.</summary>
    Read,

    /// <summary>Reads code points of the set as long as there are any, remembering each stop.</summary>
    ReadMany,

    /// <summary>Goes on at <see cref="PatternInstruction.First"/>, and on failure at <see cref="PatternInstruction.Second"/>.</summary>
    Fork,

    /// <summary>Goes on at <see cref="PatternInstruction.First"/>.</summary>
    Jump,

    /// <summary>Opens an atomic group or a look ahead.</summary>
    Mark,

    /// <summary>Closes an atomic group: forgets the choices made since its mark.</summary>
    Commit,

    /// <summary>Closes a positive look ahead: forgets the choices and returns to where it began.</summary>
    Return,

    /// <summary>Closes a negative look ahead: forgets the choices and fails.</summary>
    Refuse,

    /// <summary>Steps back by <see cref="PatternInstruction.First"/> code points.</summary>
    StepBack,

    /// <summary>Checks a position.</summary>
    Assert,

    /// <summary>Notes the position at the start of a round of a loop.</summary>
    NoteRound,

    /// <summary>Leaves the loop, at <see cref="PatternInstruction.Second"/>, when the round was empty.</summary>
    LeaveIfEmpty,

    /// <summary>The pattern has matched.</summary>
    Accept,
}

/// <summary>One instruction of the pattern machine.</summary>
internal readonly record struct PatternInstruction(
    PatternOperation Operation, int First = 0, int Second = 0, CodePointSet? Set = null);
