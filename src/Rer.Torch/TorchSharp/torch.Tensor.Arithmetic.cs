using Rer.Torch.Interop;

namespace TorchSharp;

// Functions of two tensors, or a tensor and a number, element by element with broadcasting.
public static partial class torch
{
    public enum RoundingMode
    {
        None,
        trunc,
        floor,
    }

    private static string? Name(RoundingMode mode) => mode == RoundingMode.None ? null : mode.ToString();

    public partial class Tensor
    {
        public Tensor add(Tensor target) => Aten.One("add.Tensor", this, target);

        public Tensor add(Tensor target, Scalar alpha) => Aten.One("add.Tensor", this, target, alpha);

        public Tensor add(Scalar scalar) => Aten.One("add.Scalar", this, scalar);

        public Tensor add(Scalar scalar, Scalar alpha) => Aten.One("add.Scalar", this, scalar, alpha);

        public Tensor add_(Tensor target) => Aten.InPlace("add_.Tensor", this, target);

        public Tensor add_(Tensor target, Scalar alpha) => Aten.InPlace("add_.Tensor", this, target, alpha);

        public Tensor add_(Scalar scalar) => Aten.InPlace("add_.Scalar", this, scalar);

        public Tensor add_(Scalar scalar, Scalar alpha) => Aten.InPlace("add_.Scalar", this, scalar, alpha);

        public Tensor sub(Tensor target) => Aten.One("sub.Tensor", this, target);

        public Tensor sub(Scalar target) => Aten.One("sub.Scalar", this, target);

        public Tensor subtract(Tensor target) => sub(target);

        public Tensor subtract(Scalar target) => sub(target);

        public Tensor sub_(Tensor target) => Aten.InPlace("sub_.Tensor", this, target);

        public Tensor sub_(Scalar target) => Aten.InPlace("sub_.Scalar", this, target);

        public Tensor subtract_(Tensor target) => sub_(target);

        public Tensor subtract_(Scalar target) => sub_(target);

        public Tensor mul(Tensor target) => Aten.One("mul.Tensor", this, target);

        public Tensor mul(Scalar target) => Aten.One("mul.Scalar", this, target);

        public Tensor multiply(Tensor target) => mul(target);

        public Tensor multiply(Scalar target) => mul(target);

        public Tensor mul_(Tensor target) => Aten.InPlace("mul_.Tensor", this, target);

        public Tensor mul_(Scalar target) => Aten.InPlace("mul_.Scalar", this, target);

        public Tensor div(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => rounding_mode == RoundingMode.None
            ? Aten.One("div.Tensor", this, target)
            : Aten.One("div.Tensor_mode", this, target, Name(rounding_mode));

        public Tensor div(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => rounding_mode == RoundingMode.None
            ? Aten.One("div.Scalar", this, target)
            : Aten.One("div.Scalar_mode", this, target, Name(rounding_mode));

        public Tensor div_(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => rounding_mode == RoundingMode.None
            ? Aten.InPlace("div_.Tensor", this, target)
            : Aten.InPlace("div_.Tensor_mode", this, target, Name(rounding_mode));

        public Tensor div_(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => rounding_mode == RoundingMode.None
            ? Aten.InPlace("div_.Scalar", this, target)
            : Aten.InPlace("div_.Scalar_mode", this, target, Name(rounding_mode));

        public Tensor divide(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => div(target, rounding_mode);

        public Tensor divide(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => div(target, rounding_mode);

        public Tensor true_divide(Tensor other) => div(other);

        public Tensor true_divide(Scalar other) => div(other);

        public Tensor pow(Tensor exponent) => Aten.One("pow.Tensor_Tensor", this, exponent);

        public Tensor pow(Scalar exponent) => Aten.One("pow.Tensor_Scalar", this, exponent);

        public Tensor pow_(Tensor exponent) => Aten.InPlace("pow_.Tensor", this, exponent);

        public Tensor pow_(Scalar exponent) => Aten.InPlace("pow_.Scalar", this, exponent);

        public Tensor remainder(Tensor target) => Aten.One("remainder.Tensor", this, target);

        public Tensor remainder(Scalar scalar) => Aten.One("remainder.Scalar", this, scalar);

        public Tensor remainder_(Tensor target) => Aten.InPlace("remainder_.Tensor", this, target);

        public Tensor remainder_(Scalar scalar) => Aten.InPlace("remainder_.Scalar", this, scalar);

        public Tensor fmod(Tensor target) => Aten.One("fmod.Tensor", this, target);

        public Tensor fmod(Scalar scalar) => Aten.One("fmod.Scalar", this, scalar);

        public Tensor fmod_(Tensor target) => Aten.InPlace("fmod_.Tensor", this, target);

        public Tensor fmod_(Scalar scalar) => Aten.InPlace("fmod_.Scalar", this, scalar);

        public Tensor floor_divide(Tensor other) => Aten.One("floor_divide", this, other);

        public Tensor floor_divide(Scalar other) => Aten.One("floor_divide.Scalar", this, other);

        public Tensor maximum(Tensor other) => Aten.One("maximum", this, other);

        public Tensor minimum(Tensor other) => Aten.One("minimum", this, other);

        public Tensor fmax(Tensor other) => Aten.One("fmax", this, other);

        public Tensor fmin(Tensor other) => Aten.One("fmin", this, other);

        public Tensor atan2(Tensor other) => Aten.One("atan2", this, other);

        public Tensor logaddexp(Tensor other) => Aten.One("logaddexp", this, other);

        public Tensor logaddexp2(Tensor other) => Aten.One("logaddexp2", this, other);

        public Tensor hypot(Tensor other) => Aten.One("hypot", this, other);

        public Tensor copysign(Tensor other) => Aten.One("copysign.Tensor", this, other);

        public Tensor heaviside(Tensor other) => Aten.One("heaviside", this, other);

        public Tensor xlogy(Tensor y) => Aten.One("xlogy.Tensor", this, y);

        public Tensor lerp(Tensor end, Tensor weight) => Aten.One("lerp.Tensor", this, end, weight);

        public Tensor lerp_(Tensor end, Tensor weight) => Aten.InPlace("lerp_.Tensor", this, end, weight);

        public Tensor addcmul(Tensor tensor1, Tensor tensor2, Scalar value) => Aten.One("addcmul", this, tensor1, tensor2, value);

        public Tensor addcdiv(Tensor tensor1, Tensor tensor2) => Aten.One("addcdiv", this, tensor1, tensor2);

        public Tensor addcdiv(Tensor tensor1, Tensor tensor2, Scalar value) => Aten.One("addcdiv", this, tensor1, tensor2, value);

        public Tensor addcmul_(Tensor tensor1, Tensor tensor2, Scalar value) => Aten.InPlace("addcmul_", this, tensor1, tensor2, value);

        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2) => Aten.InPlace("addcdiv_", this, tensor1, tensor2);

        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2, Scalar value) => Aten.InPlace("addcdiv_", this, tensor1, tensor2, value);

        public Tensor clamp(Scalar? min = null, Scalar? max = null) => Aten.One("clamp", this, min, max);

        public Tensor clamp(Tensor? min = null, Tensor? max = null) => Aten.One("clamp.Tensor", this, min, max);

        public Tensor clamp_max(Scalar max) => Aten.One("clamp_max", this, max);

        public Tensor clamp_min(Scalar min) => Aten.One("clamp_min", this, min);

        public Tensor clamp_(Scalar? min = null, Scalar? max = null) => Aten.InPlace("clamp_", this, min, max);

        public Tensor clamp_(Tensor? min = null, Tensor? max = null) => Aten.InPlace("clamp_.Tensor", this, min, max);

        public Tensor clamp_max_(Scalar max) => Aten.InPlace("clamp_max_", this, max);

        public Tensor clamp_min_(Scalar min) => Aten.InPlace("clamp_min_", this, min);

        public Tensor clip(Scalar? min = null, Scalar? max = null) => clamp(min, max);

        public Tensor bitwise_and(Tensor other) => Aten.One("bitwise_and.Tensor", this, other);

        public Tensor bitwise_and_(Tensor other) => Aten.InPlace("bitwise_and_.Tensor", this, other);

        public Tensor bitwise_or(Tensor other) => Aten.One("bitwise_or.Tensor", this, other);

        public Tensor bitwise_or_(Tensor other) => Aten.InPlace("bitwise_or_.Tensor", this, other);

        public Tensor bitwise_xor(Tensor other) => Aten.One("bitwise_xor.Tensor", this, other);

        public Tensor bitwise_xor_(Tensor other) => Aten.InPlace("bitwise_xor_.Tensor", this, other);

        public Tensor logical_and(Tensor other) => Aten.One("logical_and", this, other);

        public Tensor logical_and_(Tensor other) => Aten.InPlace("logical_and_", this, other);

        public Tensor logical_or(Tensor other) => Aten.One("logical_or", this, other);

        public Tensor logical_or_(Tensor other) => Aten.InPlace("logical_or_", this, other);

        public Tensor logical_xor(Tensor other) => Aten.One("logical_xor", this, other);

        public Tensor logical_xor_(Tensor other) => Aten.InPlace("logical_xor_", this, other);
    }
}
