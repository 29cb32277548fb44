namespace TorchSharp;

/// <summary>The dispose scopes open on each thread.</summary>
public class DisposeScopeManager
{
    [ThreadStatic]
    private static DisposeScope? t_current;

    internal static DisposeScope? Current => t_current;

    internal static DisposeScope Open() => t_current = new DisposeScope(t_current);

    /// <summary>Scopes close in the order they were opened in, yet one closed late must not bring a closed one back.</summary>
    internal static void Close(DisposeScope scope)
    {
        if (!ReferenceEquals(t_current, scope)) return;
        var next = scope.OuterScope;
        while (next is { IsDisposed: true }) next = next.OuterScope;
        t_current = next;
    }
}
