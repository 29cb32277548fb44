using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Rer.Engine.Rewards.Custom;

/// <summary>
/// Features written as a C# class. Their code runs in this process with all of its rights, so they are off until the program is started
/// with <see cref="Switch"/> set.
/// </summary>
public static class CodeFeatures
{
    /// <summary>The <see cref="AppContext"/> switch that turns them on.</summary>
    public const string Switch = "Rer.CodeFeatures";

    private const string Usings =
        """
        global using System;
        global using System.Collections.Generic;
        global using System.Linq;
        global using System.Text;
        global using System.Text.RegularExpressions;
        global using Rer.Engine.Data;
        global using Rer.Engine.Rewards;
        """;

    private static readonly CSharpCompilationOptions Options =
        new(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release,
            nullableContextOptions: NullableContextOptions.Enable);

    private static readonly Lazy<MetadataReference[]> Platform = new(References);

    // Compiling takes a tenth of a second; a definition that is no longer held takes its assembly with it.
    private static readonly ConditionalWeakTable<FeatureDefinition, IRewardFeature> Compiled = [];

    /// <summary>Whether they are on.</summary>
    public static bool Allowed => AppContext.TryGetSwitch(Switch, out var on) && on;

    /// <summary>A class to begin with.</summary>
    /// <param name="symbol">The symbol that it answers to.</param>
    public static string Template(string symbol) =>
        $$"""
        public sealed class OwnFeature : IRewardFeature
        {
            public string Symbol => "{{symbol}}";
            public string Name => "share of long words";
            public string Formula => "words of 7 letters or more / words";

            public double Evaluate(ScoredItem item) =>
                item.Words.Count == 0 ? 0 : (double)item.Words.Count(w => w.Length >= 7) / item.Words.Count;
        }
        """;

    /// <summary>The feature.</summary>
    /// <exception cref="FeatureSourceException">The code does not compile, or is not one class that implements
    /// <see cref="IRewardFeature"/> for the definition's symbol.</exception>
    /// <exception cref="InvalidOperationException">Features in C# are off.</exception>
    public static IRewardFeature Compile(FeatureDefinition definition)
    {
        if (!Allowed)
            throw new InvalidOperationException(
                $"{definition.Symbol}: features in C# are off. Whoever starts the program turns them on with --allow-code; their code can "
                    + "do all that the program can.");
        return Compiled.GetValue(definition, Build);
    }

    private static IRewardFeature Build(FeatureDefinition definition)
    {
        var source = CSharpSyntaxTree.ParseText(definition.Source);
        var compilation = CSharpCompilation.Create(
            $"Own.{definition.Symbol}", [CSharpSyntaxTree.ParseText(Usings), source], Platform.Value, Options);
        using var image = new MemoryStream();
        var result = compilation.Emit(image);
        SourceError[] errors = [.. result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).Select(Error)];
        if (errors.Length > 0) throw new FeatureSourceException(definition.Symbol, errors);
        image.Position = 0;
        var assembly = new AssemblyLoadContext(compilation.AssemblyName, isCollectible: true).LoadFromStream(image);
        return Instance(assembly, definition);
    }

    private static IRewardFeature Instance(Assembly assembly, FeatureDefinition definition)
    {
        Type[] classes = [.. assembly.GetTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IRewardFeature)))];
        if (classes.Length != 1)
            throw Refused(definition, $"{classes.Length} classes implement IRewardFeature. Write exactly one.");
        if (classes[0].GetConstructor(Type.EmptyTypes) is null)
            throw Refused(definition, $"{classes[0].Name} has no public constructor without parameters.");
        try
        {
            var feature = (IRewardFeature)Activator.CreateInstance(classes[0])!;
            return feature.Symbol == definition.Symbol
                ? feature
                : throw Refused(definition,
                    $"the class says its Symbol is '{feature.Symbol}'. It must be '{definition.Symbol}', the symbol that designs use.");
        }
        catch (TargetInvocationException error)
        {
            throw Refused(definition, $"the constructor failed: {error.InnerException?.Message}");
        }
    }

    private static FeatureSourceException Refused(FeatureDefinition definition, string message) =>
        new(definition.Symbol, [new SourceError(1, 1, 1, message)]);

    private static SourceError Error(Diagnostic diagnostic)
    {
        var place = diagnostic.Location.GetLineSpan();
        var length = place.StartLinePosition.Line == place.EndLinePosition.Line
            ? place.EndLinePosition.Character - place.StartLinePosition.Character : 1;
        return new SourceError(
            place.StartLinePosition.Line + 1, place.StartLinePosition.Character + 1, Math.Max(1, length),
            $"{diagnostic.Id}: {diagnostic.GetMessage()}.");
    }

    private static MetadataReference[] References() =>
    [
        .. ((string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "").Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
            .Append(typeof(IRewardFeature).Assembly.Location)
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];
}
