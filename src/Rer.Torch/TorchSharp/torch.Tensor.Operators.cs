using Rer.Torch.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public static Tensor operator +(Tensor left, Tensor right) => Aten.One("add.Tensor", left, right);

        public static Tensor operator +(Tensor left, Scalar right) => Aten.One("add.Scalar", left, right);

        public static Tensor operator +(Tensor left, int right) => Aten.One("add.Scalar", left, right);

        public static Tensor operator +(Tensor left, long right) => Aten.One("add.Scalar", left, right);

        public static Tensor operator +(Tensor left, float right) => Aten.One("add.Scalar", left, right);

        public static Tensor operator +(Tensor left, double right) => Aten.One("add.Scalar", left, right);

        public static Tensor operator +(Scalar left, Tensor right) => Aten.One("add.Scalar", right, left);

        public static Tensor operator +(int left, Tensor right) => Aten.One("add.Scalar", right, left);

        public static Tensor operator +(long left, Tensor right) => Aten.One("add.Scalar", right, left);

        public static Tensor operator +(float left, Tensor right) => Aten.One("add.Scalar", right, left);

        public static Tensor operator +(double left, Tensor right) => Aten.One("add.Scalar", right, left);

        public static Tensor operator -(Tensor left, Tensor right) => Aten.One("sub.Tensor", left, right);

        public static Tensor operator -(Tensor left, Scalar right) => Aten.One("sub.Scalar", left, right);

        public static Tensor operator -(Tensor left, int right) => Aten.One("sub.Scalar", left, right);

        public static Tensor operator -(Tensor left, long right) => Aten.One("sub.Scalar", left, right);

        public static Tensor operator -(Tensor left, float right) => Aten.One("sub.Scalar", left, right);

        public static Tensor operator -(Tensor left, double right) => Aten.One("sub.Scalar", left, right);

        public static Tensor operator -(Scalar left, Tensor right) => Aten.One("rsub.Scalar", right, left);

        public static Tensor operator -(int left, Tensor right) => Aten.One("rsub.Scalar", right, left);

        public static Tensor operator -(long left, Tensor right) => Aten.One("rsub.Scalar", right, left);

        public static Tensor operator -(float left, Tensor right) => Aten.One("rsub.Scalar", right, left);

        public static Tensor operator -(double left, Tensor right) => Aten.One("rsub.Scalar", right, left);

        public static Tensor operator *(Tensor left, Tensor right) => Aten.One("mul.Tensor", left, right);

        public static Tensor operator *(Tensor left, Scalar right) => Aten.One("mul.Scalar", left, right);

        public static Tensor operator *(Tensor left, int right) => Aten.One("mul.Scalar", left, right);

        public static Tensor operator *(Tensor left, long right) => Aten.One("mul.Scalar", left, right);

        public static Tensor operator *(Tensor left, float right) => Aten.One("mul.Scalar", left, right);

        public static Tensor operator *(Tensor left, double right) => Aten.One("mul.Scalar", left, right);

        public static Tensor operator *(Scalar left, Tensor right) => Aten.One("mul.Scalar", right, left);

        public static Tensor operator *(int left, Tensor right) => Aten.One("mul.Scalar", right, left);

        public static Tensor operator *(long left, Tensor right) => Aten.One("mul.Scalar", right, left);

        public static Tensor operator *(float left, Tensor right) => Aten.One("mul.Scalar", right, left);

        public static Tensor operator *(double left, Tensor right) => Aten.One("mul.Scalar", right, left);

        public static Tensor operator /(Tensor left, Tensor right) => Aten.One("div.Tensor", left, right);

        public static Tensor operator /(Tensor left, Scalar right) => Aten.One("div.Scalar", left, right);

        public static Tensor operator /(Tensor left, int right) => Aten.One("div.Scalar", left, right);

        public static Tensor operator /(Tensor left, long right) => Aten.One("div.Scalar", left, right);

        public static Tensor operator /(Tensor left, float right) => Aten.One("div.Scalar", left, right);

        public static Tensor operator /(Tensor left, double right) => Aten.One("div.Scalar", left, right);

        public static Tensor operator /(Scalar left, Tensor right) => Divided(left, right);

        public static Tensor operator /(int left, Tensor right) => Divided(left, right);

        public static Tensor operator /(long left, Tensor right) => Divided(left, right);

        public static Tensor operator /(float left, Tensor right) => Divided(left, right);

        public static Tensor operator /(double left, Tensor right) => Divided(left, right);

        public static Tensor operator %(Tensor left, Tensor right) => Aten.One("remainder.Tensor", left, right);

        public static Tensor operator %(Tensor left, Scalar right) => Aten.One("remainder.Scalar", left, right);

        public static Tensor operator %(Tensor left, int right) => Aten.One("remainder.Scalar", left, right);

        public static Tensor operator %(Tensor left, long right) => Aten.One("remainder.Scalar", left, right);

        public static Tensor operator %(Tensor left, float right) => Aten.One("remainder.Scalar", left, right);

        public static Tensor operator %(Tensor left, double right) => Aten.One("remainder.Scalar", left, right);

        public static Tensor operator ==(Tensor left, Tensor right) => left.eq(right);

        public static Tensor operator ==(Tensor left, Scalar right) => left.eq(right);

        public static Tensor operator ==(Scalar left, Tensor right) => right.eq(left);

        public static Tensor operator !=(Tensor left, Tensor right) => left.ne(right);

        public static Tensor operator !=(Tensor left, Scalar right) => left.ne(right);

        public static Tensor operator !=(Scalar left, Tensor right) => right.ne(left);

        public static Tensor operator <(Tensor left, Tensor right) => left.lt(right);

        public static Tensor operator <(Tensor left, Scalar right) => left.lt(right);

        public static Tensor operator <(Scalar left, Tensor right) => right.gt(left);

        public static Tensor operator <=(Tensor left, Tensor right) => left.le(right);

        public static Tensor operator <=(Tensor left, Scalar right) => left.le(right);

        public static Tensor operator <=(Scalar left, Tensor right) => right.ge(left);

        public static Tensor operator >(Tensor left, Tensor right) => left.gt(right);

        public static Tensor operator >(Tensor left, Scalar right) => left.gt(right);

        public static Tensor operator >(Scalar left, Tensor right) => right.lt(left);

        public static Tensor operator >=(Tensor left, Tensor right) => left.ge(right);

        public static Tensor operator >=(Tensor left, Scalar right) => left.ge(right);

        public static Tensor operator >=(Scalar left, Tensor right) => right.le(left);

        public static Tensor operator &(Tensor left, Tensor right) => left.bitwise_and(right);

        public static Tensor operator |(Tensor left, Tensor right) => left.bitwise_or(right);

        public static Tensor operator ^(Tensor left, Tensor right) => left.bitwise_xor(right);

        public static Tensor operator ~(Tensor left) => left.bitwise_not();

        public static Tensor operator -(Tensor tensor) => tensor.neg();

        // As PyTorch does it: the reciprocal, then the product, in the type that division gives.
        private static Tensor Divided(Argument left, Tensor right)
        {
            using var inverse = right.reciprocal();
            return Aten.One("mul.Scalar", inverse, left);
        }
    }
}
