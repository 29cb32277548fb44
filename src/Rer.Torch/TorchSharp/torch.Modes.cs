using Rer.Torch.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Until it is disposed, operators on this thread record nothing for the backward pass.</summary>
    public static IDisposable no_grad() => new GradMode(false);

    public static IDisposable enable_grad(bool enabled = true) => new GradMode(enabled);

    public static IDisposable set_grad_enabled(bool mode = true) => new GradMode(mode);

    public static bool is_grad_enabled() => Native.rer_grad_mode() != 0;

    /// <summary>As <see cref="no_grad"/>, and tensors made meanwhile can never take part in a backward pass.</summary>
    public static IDisposable inference_mode(bool mode = true) => new InferenceMode(mode);

    public static bool is_inference_mode_enabled() => Native.rer_inference_mode() != 0;

    public static int get_num_threads() => Native.rer_threads();

    public static void set_num_threads(int num) => Native.rer_set_threads(num);

    private sealed class GradMode : IDisposable
    {
        private readonly int _before = Native.rer_grad_mode();

        public GradMode(bool enabled) => Native.rer_set_grad_mode(enabled ? 1 : 0);

        public void Dispose() => Native.rer_set_grad_mode(_before);
    }

    private sealed class InferenceMode(bool enabled) : IDisposable
    {
        private nint _mode = Native.rer_enter_inference_mode(enabled ? 1 : 0);

        public void Dispose()
        {
            if (_mode == 0) return;
            Native.rer_leave_inference_mode(_mode);
            _mode = 0;
        }
    }
}
