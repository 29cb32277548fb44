#nullable disable
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Rer.Build;

#if !WITHOUT_MSBUILD // The tests compile this file too, where there is no MSBuild.
/// <summary>MSBuild task: <see cref="ArgumentLifetimes"/> on a copy of an assembly.</summary>
public sealed class KeepArgumentsAlive : Microsoft.Build.Utilities.Task
{
    /// <summary>The assembly, as its package has it.</summary>
    [Microsoft.Build.Framework.Required]
    public string Library { get; set; }

    /// <summary>Where the changed copy goes.</summary>
    [Microsoft.Build.Framework.Required]
    public string Copy { get; set; }

    public override bool Execute()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(Copy)));
        // A new file takes the name: an old one may be linked from elsewhere.
        File.Delete(Copy);
        var methods = ArgumentLifetimes.Extend(Library, Copy);
        Log.LogMessage("{0}: {1} methods keep their arguments to their end in {2}.", Path.GetFileName(Library), methods, Copy);
        return true;
    }
}
#endif

/// <summary>Makes the methods of an assembly that call native code keep their arguments until they return.</summary>
/// <remarks>
/// TorchSharp's methods read the native handles of their arguments and pass those on: `NativeMethods.THSTensor_masked_fill(Handle,
/// mask.Handle, value.Handle)`. From there on nothing refers to the objects themselves. A garbage collection during the call then
/// finalizes those that the caller does not hold (the Scalar that `x * 2.0` makes, a tensor in the middle of an expression), and their
/// finalizers free what the native code still reads: a wrong number, an exception, or the end of the process, once in many thousand
/// calls. `GC.KeepAlive` at a method's end is what .NET's rules for native calls ask for; it costs no instruction.
/// </remarks>
internal static class ArgumentLifetimes
{
    private static readonly Dictionary<Code, OpCode> _longJumps = new()
    {
        [Code.Br_S] = OpCodes.Br,
        [Code.Brfalse_S] = OpCodes.Brfalse,
        [Code.Brtrue_S] = OpCodes.Brtrue,
        [Code.Beq_S] = OpCodes.Beq,
        [Code.Bge_S] = OpCodes.Bge,
        [Code.Bge_Un_S] = OpCodes.Bge_Un,
        [Code.Bgt_S] = OpCodes.Bgt,
        [Code.Bgt_Un_S] = OpCodes.Bgt_Un,
        [Code.Ble_S] = OpCodes.Ble,
        [Code.Ble_Un_S] = OpCodes.Ble_Un,
        [Code.Blt_S] = OpCodes.Blt,
        [Code.Blt_Un_S] = OpCodes.Blt_Un,
        [Code.Bne_Un_S] = OpCodes.Bne_Un,
        [Code.Leave_S] = OpCodes.Leave,
    };

    /// <summary>Writes a copy of an assembly in which such methods end with `GC.KeepAlive` of each argument that is an object.</summary>
    /// <returns>How many methods were changed.</returns>
    public static int Extend(string library, string copy)
    {
        using var assembly = AssemblyDefinition.ReadAssembly(library);
        var module = assembly.MainModule;
        var gc = new TypeReference("System", "GC", module, module.TypeSystem.CoreLibrary);
        var keepAlive = new MethodReference("KeepAlive", module.TypeSystem.Void, gc)
        {
            Parameters = { new ParameterDefinition(module.TypeSystem.Object) },
        };
        var changed = 0;
        foreach (var method in module.GetTypes().SelectMany(type => type.Methods).Where(CallsNative))
        {
            var kept = Objects(method).ToList();
            if (kept.Count == 0) continue;
            KeepToTheEnd(method.Body, kept, keepAlive);
            changed++;
        }
        assembly.Write(copy);
        return changed;
    }

    private static bool CallsNative(MethodDefinition method) => method.HasBody && method.Body.Instructions.Any(instruction =>
        instruction.OpCode == OpCodes.Call && instruction.Operand is MethodDefinition { IsPInvokeImpl: true });

    /// <summary>The arguments that the garbage collector owns, `this` among them.</summary>
    private static IEnumerable<ParameterDefinition> Objects(MethodDefinition method)
    {
        if (method.HasThis && !method.DeclaringType.IsValueType && !method.IsConstructor) yield return method.Body.ThisParameter;
        foreach (var parameter in method.Parameters)
        {
            var type = parameter.ParameterType;
            if (!type.IsValueType && !type.IsByReference && !type.IsPointer && !type.IsGenericParameter) yield return parameter;
        }
    }

    private static void KeepToTheEnd(MethodBody body, List<ParameterDefinition> kept, MethodReference keepAlive)
    {
        foreach (var end in body.Instructions.Where(instruction => instruction.OpCode == OpCodes.Ret).ToList())
        {
            // The first of the new instructions takes the place of the return: jumps to it and the ends of its blocks then stay right.
            var after = end;
            foreach (var parameter in kept)
            {
                if (after == end) (end.OpCode, end.Operand) = (OpCodes.Ldarg, parameter);
                else Add(Instruction.Create(OpCodes.Ldarg, parameter));
                Add(Instruction.Create(OpCodes.Call, keepAlive));
            }
            Add(Instruction.Create(OpCodes.Ret));

            void Add(Instruction next)
            {
                body.GetILProcessor().InsertAfter(after, next);
                after = next;
            }
        }
        // What a jump of one byte reached may be further away now.
        foreach (var jump in body.Instructions.Where(instruction => instruction.OpCode.OperandType == OperandType.ShortInlineBrTarget))
        {
            jump.OpCode = _longJumps[jump.OpCode.Code];
        }
    }
}
