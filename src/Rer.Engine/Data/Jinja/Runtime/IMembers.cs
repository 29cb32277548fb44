namespace Rer.Engine.Data.Jinja.Runtime;

/// <summary>An object of the language itself that has attributes: `loop`, a namespace, a cycler.</summary>
internal interface IMembers
{
    /// <summary>The attribute of that name; undefined where there is none.</summary>
    object? Member(string name);
}

/// <summary>An object that can be called as well: `loop(children)`, a joiner.</summary>
internal interface ICallable
{
    /// <summary>Calls it.</summary>
    object? Call(Arguments given);
}
