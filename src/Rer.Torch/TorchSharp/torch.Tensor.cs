using Rer.Torch.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A tensor of libtorch.</summary>
    /// <remarks>
    /// One made inside a <see cref="DisposeScope"/> belongs to it and needs no finaliser; any other is freed by
    /// <see cref="Dispose"/> or, at the latest, when it is collected.
    /// </remarks>
    public partial class Tensor : IDisposable
    {
        private static long s_count;
        private static long s_peak;

        private nint _handle;
        private DisposeScope? _scope;
        private int _scopeSlot;
        private Reclaimer? _reclaimer;

        /// <summary>Takes over one reference to the native tensor.</summary>
        internal Tensor(nint handle)
        {
            _handle = handle;
            var count = Interlocked.Increment(ref s_count);
            if (count > s_peak) s_peak = count;
            if (DisposeScopeManager.Current is { } scope) scope.Add(this);
            else LeaveScope();
        }

        /// <summary>Tensors alive in this process, those awaiting collection included.</summary>
        public static long TotalCount => Interlocked.Read(ref s_count);

        public static long PeakCount => Interlocked.Read(ref s_peak);

        /// <exception cref="ObjectDisposedException">The tensor was disposed, by hand or by its scope.</exception>
        public IntPtr Handle => _handle != 0 ? _handle : throw new ObjectDisposedException(
            nameof(Tensor), "The tensor was disposed, by hand or by the scope it was made in.");

        public bool IsInvalid => _handle == 0;

        internal DisposeScope? OwningDisposeScope => _scope;

        internal int ScopeSlot => _scopeSlot;

        public static Tensor UnsafeCreateTensor(IntPtr handle) => new(handle);

        /// <summary>Gives up the native reference without freeing it; whoever asked owns it now.</summary>
        public IntPtr DecoupleFromNativeHandle()
        {
            var handle = Handle;
            Forget();
            return handle;
        }

        public void Dispose()
        {
            if (_handle == 0) return;
            var handle = _handle;
            Forget();
            Native.rer_release(handle);
            GC.SuppressFinalize(this);
        }

        public Tensor MoveToOuterDisposeScope()
        {
            _scope?.MoveToOuter(this);
            return this;
        }

        public Tensor MoveToOtherDisposeScope(DisposeScope? other)
        {
            if (_scope is not null) _scope.MoveToOther(other, this);
            else other?.Attach(this);
            return this;
        }

        public Tensor MoveToOtherDisposeScope(Tensor other) => MoveToOtherDisposeScope(other._scope);

        public Tensor DetachFromDisposeScope()
        {
            _scope?.Detach(this);
            return this;
        }

        internal void EnterScope(DisposeScope scope, int slot)
        {
            _scope = scope;
            _scopeSlot = slot;
            _reclaimer?.Forget();
            _reclaimer = null;
        }

        internal void LeaveScope()
        {
            _scope = null;
            if (_handle != 0) _reclaimer = new Reclaimer(_handle);
        }

        internal void DisposeFromScope()
        {
            _scope = null;
            Dispose();
        }

        private void Forget()
        {
            _handle = 0;
            Interlocked.Decrement(ref s_count);
            if (_scope is not null) _scope.Remove(this);
            _reclaimer?.Forget();
            _reclaimer = null;
        }

        /// <summary>
        /// Frees the native tensor of a tensor that no scope owns and that nobody disposed. An object of its own, since
        /// one with a finaliser is an order of magnitude dearer to make, and most tensors belong to a scope.
        /// </summary>
        private sealed class Reclaimer(nint handle)
        {
            ~Reclaimer()
            {
                Interlocked.Decrement(ref s_count);
                Native.rer_release(handle);
            }

#pragma warning disable CA1816 // Not disposal: the handle went elsewhere, and so must the duty to free it.
            internal void Forget() => GC.SuppressFinalize(this);
#pragma warning restore CA1816
        }
    }

    public static DisposeScope? CurrentDisposeScope => DisposeScopeManager.Current;

    public static DisposeScope NewDisposeScope() => DisposeScopeManager.Open();

    /// <summary>Evaluates in a scope of its own and moves the result out of it.</summary>
    public static Tensor WrappedTensorDisposeScope(Func<Tensor> expr)
    {
        using var scope = NewDisposeScope();
        return expr().MoveToOuterDisposeScope();
    }
}
