using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rer.Engine.Training.Estimators;

/// <summary>An advantage estimator by its name, as a plan holds it. The one of no name is <see cref="GeneralisedAdvantage"/>'s.</summary>
[JsonConverter(typeof(Converter))]
public readonly record struct AdvantageEstimator
{
    private readonly IAdvantageEstimator? _estimator;

    private AdvantageEstimator(IAdvantageEstimator estimator) => _estimator = estimator == All[0] ? null : estimator;

    /// <summary>Every estimator; the first is the default.</summary>
    public static IReadOnlyList<IAdvantageEstimator> All { get; } = [new GeneralisedAdvantage(), new LeaveOneOut()];

    /// <summary>What estimates.</summary>
    public IAdvantageEstimator Estimator => _estimator ?? All[0];

    /// <summary>The estimator of a name.</summary>
    /// <exception cref="FormatException">There is none; the message lists those there are.</exception>
    public static AdvantageEstimator Parse(string name) => All.FirstOrDefault(known => known.Key == name) is { } found
        ? new AdvantageEstimator(found)
        : throw new FormatException(
            $"'{name}' is no advantage estimator. Known ones: {string.Join(", ", All.Select(known => known.Key))}.");

    /// <summary>The name.</summary>
    public override string ToString() => Estimator.Key;

    private sealed class Converter : JsonConverter<AdvantageEstimator>
    {
        public override AdvantageEstimator Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType != JsonTokenType.String) throw new JsonException("the name of an advantage estimator is expected.");
            try
            {
                return Parse(reader.GetString()!);
            }
            catch (FormatException error)
            {
                throw new JsonException(error.Message, error);
            }
        }

        public override void Write(Utf8JsonWriter writer, AdvantageEstimator value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString());
    }
}
