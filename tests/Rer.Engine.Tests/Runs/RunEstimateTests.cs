using Rer.Engine.Kernels.Simd;
using Rer.Engine.Kernels.Simd.Products;
using Rer.Engine.Models;
using Rer.Engine.Models.Adapters;
using Rer.Engine.Models.Architectures;
using Rer.Engine.Models.Attention;
using Rer.Engine.Models.Weights;
using Rer.Engine.Runs.Planning;
using Rer.Engine.Tests.Models;
using static TorchSharp.torch;

namespace Rer.Engine.Tests.Runs;

public sealed class RunEstimateTests
{
    public static TheoryData<string> Variants => SmallModels.Variants;

    [Theory]
    [MemberData(nameof(Variants))]
    public void The_layers_counted_are_those_that_a_model_has(string name)
    {
        var config = SmallModels.Variant(name);
        using var model = CausalLm.Create(config, 1);
        var built = model.Backbone.Weights.Projections;
        var counted = ArchitectureRegistry.Projections(config);
        Assert.Equal(config.Layers * counted.Count, built.Count);
        for (var i = 0; i < built.Count; i++)
        {
            Assert.Equal(counted[i % counted.Count].Inputs, built[i].Inputs);
            Assert.Equal(counted[i % counted.Count].Modules.Select(module => (long)module.Outputs), built[i].Widths);
            Assert.All(
                counted[i % counted.Count].Modules.Zip(built[i].Modules),
                pair => Assert.EndsWith("." + pair.First.Name, pair.Second));
        }

        // Adapters are counted to the element.
        string[] targets = name.Split('-', '_') switch
        {
            ["gpt2", ..] => ["c_attn", "c_proj"],
            ["gpt", ..] => ["query_key_value", "dense"],
            _ => ["q_proj", "v_proj", "down_proj"]
        };
        var lora = new LoraOptions { TargetModules = targets };
        model.AddLora(lora, 1);
        Assert.Equal(model.Adapter!.Parameters.Sum(parameter => parameter.Tensor.numel()), new ModelMemory(config).AdapterElements(lora));
        Assert.Null(ArchitectureRegistry.TargetProblem(config, lora.TargetModules));
    }

    [Theory]
    [InlineData("llama", "q_proj,v_proj")]
    [InlineData("llama", "k_proj,o_proj,up_proj,down_proj")]
    [InlineData("qwen2", "q_proj")]
    [InlineData("qwen3", "q_proj")]
    public void What_a_block_keeps_for_its_backward_pass_is_counted_to_the_element(string name, string targets)
    {
        const int tokens = 5;
        var config = SmallModels.Variant(name) with { Layers = 1 };
        var lora = new LoraOptions { TargetModules = targets.Split(',') };
        using var scope = NewDisposeScope();
        using var weights = new WeightStore(CPU, ScalarType.Float32);
        var block = new LlamaBlock(config, weights, "block", 0);
        foreach (var projection in weights.Projections)
        {
            for (var part = 0; part < projection.Modules.Count; part++)
            {
                if (!lora.TargetModules.Any(target => projection.Modules[part].EndsWith(target, StringComparison.Ordinal))) continue;
                var (a, b) = (zeros(lora.Rank, projection.Inputs), zeros(projection.Widths[part], lora.Rank));
                projection.Attach(part, new LoraAdapter(projection.Modules[part], a, b, 1));
            }
        }
        var memory = new ModelMemory(config);
        var pass = LlamaBlockPass.Of(block, zeros(1, tokens, config.HiddenSize), new FullAttention(tokens, CPU), null);
        // Where the processor's products cannot be reached there is no such operator, of any model.
        if (Blas.IsReachable) Assert.Equal(pass is not null, memory.HasBlockOperator);
        if (pass is null) return;

        // Autograd keeps the input besides.
        Assert.Equal(pass.KeptLength + (tokens * config.HiddenSize), tokens * memory.KeptPerToken(lora, oneOperator: true));
        var packed = weights.Projections.Where(projection => projection.Packed is not null).Sum(projection => projection.Weight.numel());
        Assert.Equal(2 * packed, memory.PackedElements(withHead: false));
    }

    [Fact]
    public void Weights_that_are_too_large_to_be_packed_are_not_counted_twice()
    {
        var config = SmallModels.Config with
        {
            HiddenSize = 1024,
            IntermediateSize = 1025,
            KeyValueHeads = 4,
            HeadSize = 1,
            VocabularySize = 1024,
        };
        var memory = new ModelMemory(config);
        // Of a block: query, key and value, output. Gate and up, and down, have one row too many; the head has none.
        Assert.Equal(2.0 * config.Layers * ((12 * 1024) + (4 * 1024)), memory.PackedElements(withHead: false));
        Assert.Equal(2.0 * PackedWeight.MostElements, memory.PackedElements(withHead: true) - memory.PackedElements(withHead: false));
    }

    [Theory]
    [InlineData("llama", "c_attn",
        "c_attn: a llama has no such module. It has q_proj, k_proj, v_proj, o_proj, gate_proj, up_proj, down_proj; PEFT adapts q_proj, "
            + "v_proj.")]
    [InlineData("gpt2", "q_proj", "q_proj: a gpt2 has no such module. It has c_attn, c_proj, c_fc; PEFT adapts c_attn.")]
    [InlineData("gpt_neox", "v_proj",
        "v_proj: a gpt_neox has no such module. It has query_key_value, dense, dense_h_to_4h, dense_4h_to_h; PEFT adapts query_key_value.")]
    public void A_target_that_a_model_lacks_is_told_with_those_it_has(string name, string target, string problem) =>
        Assert.Equal(problem, ArchitectureRegistry.TargetProblem(SmallModels.Variant(name), [target]));

    [Fact]
    public void Every_purpose_has_its_part_and_more_of_it_takes_more()
    {
        using var study = new TinyStudy();
        var plan = study.Plan();
        var estimate = RunEstimate.Of(plan, null);
        Assert.Equal(estimate.Parts.Sum(part => part.Bytes), estimate.Bytes);
        Assert.All(estimate.Parts, part => Assert.True(part.Bytes > 0, part.Name));
        using var model = CausalLm.Load(plan.Policy);
        Assert.Equal(model.Backbone.Weights.Bytes, Part(estimate, "Policy").Bytes);

        Assert.True(Part(RunEstimate.Of(plan, null, longestPrompt: 4), "KV caches").Bytes < Part(estimate, "KV caches").Bytes);
        var wider = RunEstimate.Of(plan with { Ppo = plan.Ppo with { MiniBatchSize = 4, BatchSize = 16 } }, null);
        Assert.True(Part(wider, "Activations").Bytes > Part(estimate, "Activations").Bytes);
        Assert.DoesNotContain(RunEstimate.Of(plan with { Gold = null }, null).Parts, part => part.Name == "Gold");
        Assert.Contains(RunEstimate.Of(plan with { Gold = $"dpo:{plan.Policy},reference={plan.Policy}" }, null).Parts,
            part => part.Name == "Gold" && part.Bytes == 2 * model.Backbone.Weights.Bytes);
    }

    private static MemoryPart Part(RunEstimate estimate, string name) =>
        estimate.Parts.Single(part => part.Name.StartsWith(name, StringComparison.Ordinal));
}
