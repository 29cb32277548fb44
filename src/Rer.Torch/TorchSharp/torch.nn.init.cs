namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>First values of weights, written in place without being recorded for a backward pass.</summary>
        public static class init
        {
            public static Tensor zeros_(Tensor tensor) => Unrecorded(tensor, static target => target.zero_());

            public static Tensor ones_(Tensor tensor) => Unrecorded(tensor, static target => target.fill_(1));

            public static Tensor constant_(Tensor tensor, Scalar val) => Unrecorded(tensor, target => target.fill_(val));

            public static Tensor normal_(Tensor tensor, double mean = 0, double std = 1, Generator? generator = null)
                => Unrecorded(tensor, target => target.normal_(mean, std, generator));

            public static Tensor uniform_(Tensor tensor, double low = 0, double high = 1, Generator? generator = null)
                => Unrecorded(tensor, target => target.uniform_(low, high, generator));

            private static Tensor Unrecorded(Tensor tensor, Func<Tensor, Tensor> write)
            {
                using (no_grad()) return write(tensor);
            }
        }
    }
}
