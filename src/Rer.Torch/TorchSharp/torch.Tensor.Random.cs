using Rer.Torch.Interop;

namespace TorchSharp;

// Random numbers in a tensor's own place, and samples drawn from what it holds.
public static partial class torch
{
    public partial class Tensor
    {
        public Tensor uniform_(double from, double to, Generator? generator = null) => Aten.InPlace("uniform_", this, from, to, generator);

        public Tensor normal_(double mean = 0, double std = 1, Generator? generator = null) => Aten.InPlace("normal_", this, mean, std, generator);

        public Tensor random_(double from, double to, Generator? generator = null)
            => Aten.InPlace("random_.from", this, (long)from, (long)to, generator);

        public Tensor exponential_(double lambda = 1, Generator? generator = null) => Aten.InPlace("exponential_", this, lambda, generator);

        public Tensor bernoulli_(double p = 0.5, Generator? generator = null) => Aten.InPlace("bernoulli_.float", this, p, generator);

        public Tensor bernoulli(Generator? generator = null) => Aten.One("bernoulli", this, generator);

        /// <summary>Indices drawn from each row, read as weights that need not add up to one.</summary>
        public Tensor multinomial(long num_samples, bool replacement = false, Generator? generator = null)
            => Aten.One("multinomial", this, num_samples, replacement, generator);

        public Tensor rand_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
            => Made(null, requires_grad, Aten.One("rand_like", this, dtype, default(Argument), device));

        public Tensor randn_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
            => Made(null, requires_grad, Aten.One("randn_like", this, dtype, default(Argument), device));
    }
}
