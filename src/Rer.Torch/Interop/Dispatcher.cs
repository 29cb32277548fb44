using TorchSharp;
using static TorchSharp.torch;

namespace Rer.Torch.Interop;

internal sealed class Dispatcher : IDispatcher
{
    public bool Has(string name) => Aten.Has(name);

    public Tensor[] Call(string name, params object?[] arguments) => Aten.Many(name, Array.ConvertAll(arguments, ToArgument));

    private static Argument ToArgument(object? value) => value switch
    {
        null => default,
        Tensor tensor => tensor,
        IList<Tensor> tensors => Argument.List(tensors),
        long whole => whole,
        int whole => whole,
        double real => real,
        float real => (double)real,
        bool truth => truth,
        Scalar scalar => scalar,
        long[] list => list,
        double[] list => list,
        bool[] list => list,
        ScalarType type => type,
        Device device => device,
        Generator generator => generator,
        string text => text,
        _ => throw new ArgumentException($"An operator takes no argument of type {value.GetType().Name}.", nameof(value)),
    };
}
