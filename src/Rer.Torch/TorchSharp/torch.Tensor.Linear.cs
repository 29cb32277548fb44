using Rer.Torch.Interop;

namespace TorchSharp;

// Products of matrices and vectors.
public static partial class torch
{
    public partial class Tensor
    {
        public Tensor matmul(Tensor target) => Aten.One("matmul", this, target);

        public Tensor mm(Tensor target) => Aten.One("mm", this, target);

        public Tensor bmm(Tensor batch2) => Aten.One("bmm", this, batch2);

        public Tensor mv(Tensor target) => Aten.One("mv", this, target);

        public Tensor dot(Tensor target) => Aten.One("dot", this, target);

        public Tensor outer(Tensor vec2) => Aten.One("outer", this, vec2);

        public Tensor inner(Tensor vec2) => Aten.One("inner", this, vec2);

        public Tensor addmm(Tensor mat1, Tensor mat2, float beta = 1, float alpha = 1)
            => Aten.One("addmm", this, mat1, mat2, (double)beta, (double)alpha);

        public Tensor addmm_(Tensor mat1, Tensor mat2, float beta = 1, float alpha = 1)
            => Aten.InPlace("addmm_", this, mat1, mat2, (double)beta, (double)alpha);

        public Tensor addmv(Tensor mat, Tensor vec, float beta = 1, float alpha = 1)
            => Aten.One("addmv", this, mat, vec, (double)beta, (double)alpha);

        public Tensor baddbmm(Tensor batch1, Tensor batch2, float beta = 1, float alpha = 1)
            => Aten.One("baddbmm", this, batch1, batch2, (double)beta, (double)alpha);

        public Tensor tensordot(Tensor b, long[] dims1, long[] dims2) => Aten.One("tensordot", this, b, dims1, dims2);
    }

    public static Tensor matmul(Tensor input, Tensor target) => input.matmul(target);

    public static Tensor mm(Tensor input, Tensor target) => input.mm(target);

    public static Tensor bmm(Tensor input, Tensor batch2) => input.bmm(batch2);

    public static Tensor mv(Tensor input, Tensor target) => input.mv(target);

    public static Tensor dot(Tensor input, Tensor other) => input.dot(other);

    public static Tensor outer(Tensor input, Tensor vec2) => input.outer(vec2);

    public static Tensor inner(Tensor input, Tensor vec2) => input.inner(vec2);

    public static Tensor addmm(Tensor input, Tensor mat1, Tensor mat2, float beta, float alpha) => input.addmm(mat1, mat2, beta, alpha);

    public static Tensor addmm_(Tensor input, Tensor mat1, Tensor mat2, float beta, float alpha) => input.addmm_(mat1, mat2, beta, alpha);

    public static Tensor baddbmm(Tensor input, Tensor batch1, Tensor batch2, float beta = 1, float alpha = 1)
        => input.baddbmm(batch1, batch2, beta, alpha);

    public static Tensor einsum(string equation, params Tensor[] tensors) => Aten.One("einsum", equation, tensors);

    public static Tensor tensordot(Tensor a, Tensor b, long[] dims1, long[] dims2) => a.tensordot(b, dims1, dims2);

    public static class linalg
    {
        public static Tensor norm(Tensor input, long[]? dims = null, bool keepdim = false)
            => Aten.One("linalg_norm", input, default(Argument), dims, keepdim);

        public static Tensor norm(Tensor input, double ord, long[]? dims = null, bool keepdim = false)
            => Aten.One("linalg_norm", input, ord, dims, keepdim);

        public static Tensor vector_norm(Tensor input, double ord = 2, long[]? dims = null, bool keepdim = false)
            => Aten.One("linalg_vector_norm", input, ord, dims, keepdim);

        public static (Tensor Q, Tensor R) qr(Tensor input, QRMode mode = QRMode.Reduced)
            => Aten.Two("linalg_qr", input, mode.ToString().ToLowerInvariant());

        public static (Tensor U, Tensor S, Tensor Vh) svd(Tensor input, bool fullMatrices = true) => Aten.Three("linalg_svd", input, fullMatrices);

        public static Tensor solve(Tensor A, Tensor B, bool left = true) =>
            left ? Aten.One("linalg_solve", A, B) : Aten.One("linalg_solve", A.mT, B.mT).mT;

        public static Tensor inv(Tensor input) => Aten.One("linalg_inv", input);

        public static Tensor det(Tensor input) => Aten.One("linalg_det", input);

        public static Tensor cholesky(Tensor input) => Aten.One("linalg_cholesky", input);

        public enum QRMode
        {
            Reduced,
            Complete,
            R,
        }
    }
}
