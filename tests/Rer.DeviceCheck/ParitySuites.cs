using System.Reflection;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Rer.DeviceCheck;

/// <summary>
/// Runs the test classes marked `[Trait("Runs", "OnDevice")]` in this process: no test platform is at hand on a machine without the SDK.
/// </summary>
internal sealed class ParitySuites(TextWriter output) : Xunit.LongLivedMarshalByRefObject, IMessageSink, IDisposable
{
    private readonly Dictionary<string, int> _passed = [];
    private readonly ManualResetEventSlim _finished = new();
    private readonly List<ITestCase> _cases = [];

    public int Passed { get; private set; }

    public int Failed { get; private set; }

    public int Skipped { get; private set; }

    /// <summary>Runs every marked class of an assembly, prints a line a class and each failure.</summary>
    public void Run(Assembly assembly)
    {
        var framework = new XunitTestFramework(this);
        using var discoverer = framework.GetDiscoverer(Reflector.Wrap(assembly));
        discoverer.Find(includeSourceInformation: false, this, new Options());
        _finished.Wait();
        _finished.Reset();

        using var executor = framework.GetExecutor(assembly.GetName());
        var marked = _cases.Where(test => test.Traits.TryGetValue("Runs", out var values) && values.Contains("OnDevice")).ToList();
        executor.RunTests(marked, this, new Options());
        _finished.Wait();
        foreach (var (suite, passed) in _passed.OrderBy(item => item.Key)) output.WriteLine($"  {suite}: {passed} passed");
    }

    public bool OnMessage(IMessageSinkMessage message)
    {
        switch (message)
        {
            case ITestCaseDiscoveryMessage found:
                _cases.Add(found.TestCase);
                break;
            case ITestPassed passed:
                Passed++;
                var suite = passed.TestClass.Class.Name;
                _passed[suite] = _passed.GetValueOrDefault(suite) + 1;
                break;
            case ITestFailed failed:
                Failed++;
                output.WriteLine($"  FAILED {failed.Test.DisplayName}: {string.Join(" / ", failed.Messages)}");
                break;
            case ITestSkipped skipped:
                Skipped++;
                output.WriteLine($"  skipped {skipped.Test.DisplayName}: {skipped.Reason}");
                break;
            case IErrorMessage error: // outside of any test: a fixture, a runner
                Failed++;
                output.WriteLine($"  FAILED {string.Join(" / ", error.Messages)}");
                break;
            case IDiscoveryCompleteMessage or ITestAssemblyFinished:
                _finished.Set();
                break;
        }
        return true;
    }

    public void Dispose() => _finished.Dispose();

    /// <summary>One test at a time: one device, one pool of threads.</summary>
    private sealed class Options : ITestFrameworkDiscoveryOptions, ITestFrameworkExecutionOptions
    {
        private readonly Dictionary<string, object?> _values = new() { ["xunit.execution.DisableParallelization"] = true };

        public TValue GetValue<TValue>(string name) => _values.TryGetValue(name, out var value) && value is TValue typed ? typed : default!;

        public void SetValue<TValue>(string name, TValue value) => _values[name] = value;
    }
}
