using Rer.Torch.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A source of random numbers of one device; its whole state can be taken and put back.</summary>
    public class Generator : IDisposable
    {
        private nint _handle;

        public Generator(ulong seed = 0, Device? device = null)
            : this(Native.NotNull(Native.rer_generator((int)(device ?? CPU).type, (device ?? CPU).index)), device ?? CPU)
            => Native.rer_generator_set_seed(Handle, (long)seed);

        private Generator(nint handle, Device device)
        {
            Handle = handle;
            this.device = device;
        }

        ~Generator() => Dispose(false);

        /// <summary>The CPU's own generator, which operators use that are given none.</summary>
        public static Generator Default => DefaultOf(CPU);

        public Device device { get; private set; }

        public IntPtr Handle
        {
            get => _handle != 0 ? _handle : throw new ObjectDisposedException(nameof(Generator));
            private set => _handle = value;
        }

        public Generator manual_seed(long seed)
        {
            Native.rer_generator_set_seed(Handle, seed);
            return this;
        }

        public Tensor get_state() => new(Native.NotNull(Native.rer_generator_state(Handle)));

        public void set_state(Tensor value)
        {
            Native.Checked(Native.rer_generator_set_state(Handle, value.Handle));
            GC.KeepAlive(value);
        }

        public long initial_seed() => Native.rer_generator_initial_seed(Handle);

        /// <summary>Takes a seed that nobody can foresee, and returns it.</summary>
        public long seed() => Native.rer_generator_seed(Handle);

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        internal static Generator DefaultOf(Device device) =>
            new(Native.NotNull(Native.rer_default_generator((int)device.type, device.index)), device);

        protected virtual void Dispose(bool disposing)
        {
            if (_handle == 0) return;
            Native.rer_generator_release(_handle);
            _handle = 0;
        }
    }

    /// <summary>Seeds the default generator of every device.</summary>
    public static Generator manual_seed(long seed)
    {
        Native.Checked(Native.rer_manual_seed(seed));
        return Generator.Default;
    }

    public static long initial_seed() => random.initial_seed();

    public static long seed() => random.seed();

    public static Tensor get_rng_state() => random.get_rng_state();

    public static void set_rng_state(Tensor new_state) => random.set_rng_state(new_state);

    /// <summary>The default generator of the CPU.</summary>
    public static class random
    {
        public static Generator manual_seed(long seed) => torch.manual_seed(seed);

        public static long initial_seed()
        {
            using var generator = Generator.Default;
            return generator.initial_seed();
        }

        public static long seed()
        {
            using var generator = Generator.Default;
            return generator.seed();
        }

        public static Tensor get_rng_state()
        {
            using var generator = Generator.Default;
            return generator.get_state();
        }

        public static void set_rng_state(Tensor new_state)
        {
            using var generator = Generator.Default;
            generator.set_state(new_state);
        }
    }
}
