using Rer.Torch.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The gradient that backward passes have added up here; null before the first.</summary>
        public Tensor? grad
        {
            get
            {
                var handle = Native.rer_grad(Handle);
                GC.KeepAlive(this);
                return handle == 0 ? null : new Tensor(handle);
            }
            set
            {
                Native.Checked(Native.rer_set_grad(Handle, value?.Handle ?? 0));
                GC.KeepAlive(value);
            }
        }

        public void backward() => autograd.backward(this, (IList<Tensor>?)null);

        public void backward(
            IList<Tensor>? grad_tensors = null, bool retain_graph = false, bool create_graph = false, IList<Tensor>? inputs = null)
            => autograd.backward(this, grad_tensors, retain_graph, create_graph, inputs);

        public Tensor requires_grad_(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        public Tensor with_requires_grad(bool requires_grad = true) => requires_grad_(requires_grad);

        public void retain_grad() => Aten.Do("retain_grad", this);

        public Tensor detach() => Aten.One("detach", this);

        public Tensor detach_() => Aten.InPlace("detach_", this);
    }

    public static class autograd
    {
        public static void backward(
            Tensor tensor, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null)
            => backward([tensor], grad_tensors, retain_graph, create_graph, inputs);

        public static void backward(
            Tensor tensor, Tensor grad_tensor, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null)
            => backward([tensor], [grad_tensor], retain_graph, create_graph, inputs);

        /// <summary>Adds the gradient of the tensors to the <c>grad</c> of every leaf, or of the inputs alone where they are given.</summary>
        public static unsafe void backward(
            IList<Tensor> tensors, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null)
        {
            fixed (nint* first = Handles(tensors), gradients = Handles(grad_tensors), targets = Handles(inputs))
            {
                Native.Checked(Native.rer_backward(
                    first, tensors.Count, gradients, grad_tensors?.Count ?? 0,
                    (retain_graph ?? create_graph) ? 1 : 0, create_graph ? 1 : 0, targets, inputs?.Count ?? 0));
            }
            GC.KeepAlive(tensors);
            GC.KeepAlive(grad_tensors);
            GC.KeepAlive(inputs);
        }

        /// <summary>The gradient of the outputs with respect to the inputs; an unused input, where allowed, gives null.</summary>
        public static unsafe IList<Tensor> grad(
            IList<Tensor> outputs, IList<Tensor> inputs, IList<Tensor>? grad_outputs = null,
            bool retain_graph = false, bool create_graph = false, bool allow_unused = false)
        {
            var results = new nint[inputs.Count];
            fixed (nint* first = Handles(outputs), targets = Handles(inputs), gradients = Handles(grad_outputs), found = results)
            {
                Native.Checked(Native.rer_autograd_grad(
                    first, outputs.Count, targets, inputs.Count, gradients, grad_outputs?.Count ?? 0,
                    retain_graph || create_graph ? 1 : 0, create_graph ? 1 : 0, allow_unused ? 1 : 0, found));
            }
            GC.KeepAlive(outputs);
            GC.KeepAlive(inputs);
            GC.KeepAlive(grad_outputs);
            return Array.ConvertAll(results, static handle => handle == 0 ? null! : new Tensor(handle));
        }

        private static nint[] Handles(IList<Tensor>? tensors)
        {
            if (tensors is null) return [];
            var handles = new nint[tensors.Count];
            for (var i = 0; i < handles.Length; i++) handles[i] = tensors[i].Handle;
            return handles;
        }
    }
}
