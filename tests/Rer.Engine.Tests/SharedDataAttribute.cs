using System.Reflection;
using Xunit.Sdk;

namespace Rer.Engine.Tests;

/// <summary>A row of a theory that needs files of others beside the repository; skipped, with the reason, where they are not.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
[DataDiscoverer("Xunit.Sdk.InlineDataDiscoverer", "xunit.core")]
public sealed class SharedDataAttribute : DataAttribute
{
    private readonly object[] _data;

    public SharedDataAttribute(params object[] data)
    {
        _data = data;
        Skip = Fixtures.WhyNot;
    }

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [_data];
}
