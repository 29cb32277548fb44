using Rer.Torch;

namespace Rer.Engine.Tests.Models;

/// <summary>Recording as a device does it, without a device: nothing runs while it is recorded, all of it at each replay.</summary>
internal sealed class ReplayedActions : ICudaGraphs
{
    public int Recorded { get; private set; }

    public int Replayed { get; private set; }

    public ICudaGraph Record(Action body)
    {
        Recorded++;
        return new Recording(this, body);
    }

    private sealed class Recording(ReplayedActions owner, Action body) : ICudaGraph
    {
        public void Replay()
        {
            owner.Replayed++;
            body();
        }

        public void Dispose()
        {
        }
    }
}
