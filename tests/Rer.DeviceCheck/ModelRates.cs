using System.Diagnostics;
using Rer.Engine.Models;
using Rer.Engine.Models.Adapters;
using Rer.Engine.Models.Architectures;
using Rer.Engine.Models.Generation;
using TorchSharp;
using static TorchSharp.torch;

namespace Rer.DeviceCheck;

/// <summary>
/// The training check's model, pass by pass: how long the host takes to ask for the work, and how long until it is done. Where the two
/// are alike, the device waits for the host.
/// </summary>
internal static class ModelRates
{
    private const int Rows = 16, Prompt = 12, Response = 128, Repetitions = 10;

    public static void Measure(ModelConfig config, Device device, TextWriter output)
    {
        using var scope = NewDisposeScope();
        using var model = CausalLm.Create(config, seed: 1, device);
        model.AddLora(new LoraOptions(), seed: 2);
        var tokens = Math.Min(Prompt + Response, config.MaxPositions);
        using var generator = new Generator(3);
        var ids = randint(3, config.VocabularySize, [Rows, tokens], generator: generator).to(device);

        output.WriteLine($"passes over {Rows} x {tokens} tokens, until asked for and until done, ms");
        using (no_grad()) Line("forward", () => _ = LogProbs());
        Line("forward and backward",
            () => autograd.grad([LogProbs().sum()], [.. model.TrainableParameters().Select(parameter => parameter.Tensor)]));

        using var text = new TextGenerator(model);
        var prompts = Enumerable.Range(0, Rows)
            .Select(row => ids[row].narrow(0, 0, Math.Min(Prompt, tokens / 2)).cpu().data<long>().Select(id => (int)id).ToArray())
            .ToArray();
        foreach (var length in (int[])[1, 1 + (Response / 2)])
        {
            // With one token there is no decoding step, only the prompts' pass.
            var options = new SamplingOptions { MaxNewTokens = Math.Min(length, tokens / 2) };
            Line($"generate {options.MaxNewTokens}",
                () => text.Generate(prompts, options, [.. Enumerable.Range(0, Rows).Select(row => (ulong)row)]));
        }

        Tensor LogProbs() => model.TokenLogProbs(model.Hidden(ids), ids).LogProbs;

        void Line(string what, Action action)
        {
            var times = new List<(double Asked, double Done)>();
            for (var i = -3; i < Repetitions; i++)
            {
                using var pass = NewDisposeScope();
                var start = Stopwatch.GetTimestamp();
                action();
                var asked = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
                if (device.type == DeviceType.CUDA) cuda.synchronize(device);
                if (i >= 0) times.Add((asked, Stopwatch.GetElapsedTime(start).TotalMilliseconds));
            }
            output.WriteLine($"  {what,-22}{times.Min(time => time.Asked),10:f2}{times.Min(time => time.Done),10:f2}");
        }
    }
}
