namespace Rer.Torch.Interop;

internal sealed class CudaGraphs : ICudaGraphs
{
    public ICudaGraph Record(Action body)
    {
        ArgumentNullException.ThrowIfNull(body);
        var graph = new Graph(Native.NotNull(Native.rer_graph_begin()));
        try
        {
            body();
        }
        catch
        {
            // The recording has to end whatever happened; that it failed is what the caller should hear of.
            _ = Native.rer_graph_end(graph.Handle);
            graph.Dispose();
            throw;
        }
        if (Native.rer_graph_end(graph.Handle) >= 0) return graph;
        var error = Native.LastError();
        graph.Dispose();
        throw error;
    }

    private sealed class Graph(nint handle) : ICudaGraph
    {
        public nint Handle => handle != 0 ? handle : throw new ObjectDisposedException(nameof(ICudaGraph));

        public void Replay() => Native.Checked(Native.rer_graph_replay(Handle));

        public void Dispose()
        {
            if (handle == 0) return;
            Native.rer_graph_release(handle);
            handle = 0;
        }
    }
}
