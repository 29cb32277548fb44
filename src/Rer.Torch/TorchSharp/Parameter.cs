using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>A tensor that training changes. It takes over the tensor it is made from, and that one's scope with it.</summary>
public class Parameter : Tensor
{
    public Parameter(Tensor data, bool requires_grad = true)
        : this(data.OwningDisposeScope, data, requires_grad)
    {
    }

    private Parameter(DisposeScope? scope, Tensor data, bool requires_grad)
        : base(data.with_requires_grad(requires_grad).DecoupleFromNativeHandle())
    {
        if (scope is null) DetachFromDisposeScope();
        else MoveToOtherDisposeScope(scope);
    }
}
