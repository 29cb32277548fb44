using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>
/// Disposes, when it is disposed itself, of every tensor made on its thread while it was the innermost scope, but
/// those moved out of it or detached.
/// </summary>
/// <remarks>
/// A tensor knows its place in its scope, so that entering and leaving one costs a few instructions. A scope and its
/// tensors belong to one thread.
/// </remarks>
public sealed class DisposeScope : IDisposable
{
    private readonly List<IDisposable> _items = [];

    internal DisposeScope(DisposeScope? outer) => OuterScope = outer;

    public IReadOnlyList<IDisposable> DisposablesView => _items;

    public int DisposablesCount => _items.Count;

    internal DisposeScope? OuterScope { get; }

    internal bool IsDisposed { get; private set; }

    public bool Contains(IDisposable disposable) => IndexOf(disposable) >= 0;

    public void Attach(IDisposable disposable)
    {
        if (Contains(disposable)) return;
        if (disposable is Tensor tensor)
        {
            tensor.OwningDisposeScope?.Remove(tensor);
            Add(tensor);
            return;
        }
        _items.Add(disposable);
    }

    public void Attach(params IDisposable[] disposables)
    {
        foreach (var disposable in disposables) Attach(disposable);
    }

    public IReadOnlyList<IDisposable> Attach(IEnumerable<IDisposable> disposables)
    {
        var all = disposables.ToArray();
        Attach(all);
        return all;
    }

    /// <summary>Takes it out of this scope; it then lives until it is disposed by hand, or collected.</summary>
    public T Detach<T>(T disposable)
        where T : IDisposable
    {
        Release(disposable, null);
        return disposable;
    }

    public (T1 first, T2 second) Detach<T1, T2>(T1 first, T2 second)
        where T1 : IDisposable
        where T2 : IDisposable
        => (Detach(first), Detach(second));

    public (T1 first, T2 second, T3 third) Detach<T1, T2, T3>(T1 first, T2 second, T3 third)
        where T1 : IDisposable
        where T2 : IDisposable
        where T3 : IDisposable
        => (Detach(first), Detach(second), Detach(third));

    public void Detach(params IDisposable[] disposables) => Detach((IEnumerable<IDisposable>)disposables);

    public void Detach(IEnumerable<IDisposable> disposables)
    {
        foreach (var disposable in disposables) Release(disposable, null);
    }

    /// <summary>Hands it to the scope around this one; without one, detaches it.</summary>
    public T MoveToOuter<T>(T disposable)
        where T : IDisposable
        => MoveToOther(OuterScope, disposable);

    public (T1 first, T2 second) MoveToOuter<T1, T2>(T1 first, T2 second)
        where T1 : IDisposable
        where T2 : IDisposable
        => (MoveToOuter(first), MoveToOuter(second));

    public (T1 first, T2 second, T3 third) MoveToOuter<T1, T2, T3>(T1 first, T2 second, T3 third)
        where T1 : IDisposable
        where T2 : IDisposable
        where T3 : IDisposable
        => (MoveToOuter(first), MoveToOuter(second), MoveToOuter(third));

    public void MoveToOuter(params IDisposable[] disposables) => MoveToOuter((IEnumerable<IDisposable>)disposables);

    public void MoveToOuter(IEnumerable<IDisposable> disposables)
    {
        foreach (var disposable in disposables) Release(disposable, OuterScope);
    }

    public T MoveToOther<T>(DisposeScope? scope, T disposable)
        where T : IDisposable
    {
        Release(disposable, scope);
        return disposable;
    }

    public (T1 first, T2 second) MoveToOther<T1, T2>(DisposeScope? scope, T1 first, T2 second)
        where T1 : IDisposable
        where T2 : IDisposable
        => (MoveToOther(scope, first), MoveToOther(scope, second));

    public (T1 first, T2 second, T3 third) MoveToOther<T1, T2, T3>(DisposeScope? scope, T1 first, T2 second, T3 third)
        where T1 : IDisposable
        where T2 : IDisposable
        where T3 : IDisposable
        => (MoveToOther(scope, first), MoveToOther(scope, second), MoveToOther(scope, third));

    public void MoveToOther(DisposeScope? scope, params IDisposable[] disposables) =>
        MoveToOther(scope, (IEnumerable<IDisposable>)disposables);

    public void MoveToOther(DisposeScope? scope, IEnumerable<IDisposable> disposables)
    {
        foreach (var disposable in disposables) Release(disposable, scope);
    }

    public void DisposeEverything()
    {
        foreach (var item in _items)
        {
            if (item is Tensor tensor) tensor.DisposeFromScope();
            else item.Dispose();
        }
        _items.Clear();
    }

    public void DisposeEverythingBut(IEnumerable<IDisposable> inKeep)
    {
        var keep = inKeep.Where(Contains).ToArray();
        Detach(keep);
        DisposeEverything();
        Attach(keep);
    }

    public void DisposeEverythingBut(params IDisposable[] keep) => DisposeEverythingBut((IEnumerable<IDisposable>)keep);

    public T DisposeEverythingBut<T>(T keep)
        where T : IDisposable
    {
        DisposeEverythingBut([keep]);
        return keep;
    }

    public (T1 first, T2 second) DisposeEverythingBut<T1, T2>(T1 first, T2 second)
        where T1 : IDisposable
        where T2 : IDisposable
    {
        DisposeEverythingBut([first, second]);
        return (first, second);
    }

    public (T1 first, T2 second, T3 third) DisposeEverythingBut<T1, T2, T3>(T1 first, T2 second, T3 third)
        where T1 : IDisposable
        where T2 : IDisposable
        where T3 : IDisposable
    {
        DisposeEverythingBut([first, second, third]);
        return (first, second, third);
    }

    /// <summary>Tells the scope that it need not dispose of this any more.</summary>
    public void MarkAsDisposed(IDisposable disposable)
    {
        Release(disposable, null);
    }

    public void Dispose()
    {
        if (IsDisposed) return;
        IsDisposed = true;
        DisposeEverything();
        DisposeScopeManager.Close(this);
    }

    internal void Add(Tensor tensor)
    {
        tensor.EnterScope(this, _items.Count);
        _items.Add(tensor);
    }

    internal void Remove(Tensor tensor)
    {
        RemoveAt(tensor.ScopeSlot);
        tensor.LeaveScope();
    }

    // The last one takes the place of the one that goes; the order within a scope means nothing.
    private void RemoveAt(int slot)
    {
        var last = _items.Count - 1;
        if (slot != last)
        {
            _items[slot] = _items[last];
            if (_items[slot] is Tensor moved) moved.EnterScope(this, slot);
        }
        _items.RemoveAt(last);
    }

    private int IndexOf(IDisposable disposable) => disposable is Tensor tensor
        ? ReferenceEquals(tensor.OwningDisposeScope, this) ? tensor.ScopeSlot : -1
        : _items.FindIndex(item => ReferenceEquals(item, disposable));

    private void Release(IDisposable disposable, DisposeScope? destination)
    {
        var index = IndexOf(disposable);
        if (index < 0) return;
        if (disposable is Tensor tensor)
        {
            RemoveAt(index);
            if (destination is null) tensor.LeaveScope();
            else destination.Add(tensor);
            return;
        }
        RemoveAt(index);
        destination?._items.Add(disposable);
    }
}
