using Rer.Engine.Models;
using Rer.Engine.Playground;
using Rer.Engine.Tests.Gold;

namespace Rer.Engine.Tests.Playground;

public sealed class SupervisedTrainerTests
{
    // After 5 comes 6 6 6 and the end; the prompt's other token is noise.
    private static SupervisedExample Example(long i) => new([1, 10 + (int)(i % 50), 5, 6, 6, 6, 2], 3);

    [Fact]
    public void Training_lowers_the_loss_of_answers()
    {
        using var model = CausalLm.Create(TinyModels.Config(), 1);
        var trainer = new SupervisedTrainer(model, new SupervisedOptions { Steps = 60, TokensPerBatch = 256, LearningRate = 1e-2 });
        SupervisedExample[] heldOut = [.. Enumerable.Range(0, 20).Select(i => Example(i))];
        var before = trainer.Loss(heldOut);
        trainer.Train(Example);
        Assert.True(before > 3, $"before: {before}");
        Assert.True(trainer.Loss(heldOut) < 0.05, $"after: {trainer.Loss(heldOut)}");
        Assert.All(model.TrainableParameters(), parameter => Assert.False(parameter.Tensor.requires_grad));
    }

    [Fact]
    public void Nothing_is_learned_from_prompts()
    {
        using var model = CausalLm.Create(TinyModels.Config(), 1);
        var trainer = new SupervisedTrainer(model, new SupervisedOptions { Steps = 60, TokensPerBatch = 256, LearningRate = 1e-2 });
        SupervisedExample[] prompts = [new([1, 10, 5, 6, 6, 6, 2], 1)];
        trainer.Train(Example);
        // The prompt's own tokens stay as surprising as they were.
        Assert.True(trainer.Loss(prompts) > 1, $"{trainer.Loss(prompts)}");
    }
}
