using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Rer.Engine.Models.Weights;
using static TorchSharp.torch;

namespace Rer.Engine.Tests.Models;

public sealed class SafetensorsTests
{
    [SharedTheory]
    [InlineData("tensor-1d-int32")]
    [InlineData("tensor-2d-float64")]
    [InlineData("tensor-3d-float32")]
    [InlineData("tensor-4d-float32")]
    [InlineData("libtorch-style-fc")]
    public void Published_files_read_as_numpy_reads_them(string name)
    {
        using var scope = NewDisposeScope();
        using var file = Safetensors.Open(Fixtures.File("safetensors", name + ".safetensors"));
        using var expected = JsonDocument.Parse(File.ReadAllText(Fixtures.File("safetensors", "expected.json")));
        foreach (var item in expected.RootElement.GetProperty(name).EnumerateObject())
        {
            if (item.Name == "__metadata__")
            {
                Assert.All(item.Value.EnumerateObject(), pair => Assert.Equal(pair.Value.GetString(), file.Metadata[pair.Name]));
                continue;
            }
            var tensor = file.Read(item.Name);
            Assert.Equal(item.Value.GetProperty("dtype").GetString(), file.Entries[item.Name].DType);
            Assert.Equal(item.Value.GetProperty("shape").EnumerateArray().Select(value => value.GetInt64()), tensor.shape);
            var values = tensor.to(ScalarType.Float64).flatten().data<double>().ToArray();
            Assert.Equal(item.Value.GetProperty("values").EnumerateArray().Select(value => value.GetDouble()), values.Take(64));
            Assert.Equal(item.Value.GetProperty("sum").GetDouble(), values.Sum(), 1e-9);
        }
    }

    [SharedTheory]
    [InlineData("negative-lfs-pointer.safetensors", "Git LFS pointer")]
    [InlineData("negative-html-page.safetensors", "HTML page")]
    public void What_is_not_safetensors_is_told_by_name(string name, string expected)
    {
        var error = Assert.Throws<InvalidDataException>(() => Safetensors.Open(Fixtures.File("safetensors", name)));
        Assert.Contains(expected, error.Message);
        Assert.Contains(name, error.Message);
    }

    [Fact]
    public void A_missing_file_is_named() =>
        Assert.Contains(
            "no-such.safetensors",
            Assert.Throws<FileNotFoundException>(() => Safetensors.Open(Path.Combine(Path.GetTempPath(), "no-such.safetensors"))).Message);

    [Theory]
    [InlineData("", "empty")]
    [InlineData("PK\u0003\u0004....", "zip archive")]
    [InlineData("GGUF....", "GGUF")]
    public void Other_formats_under_the_name_are_refused(string content, string expected) =>
        Refused(Encoding.Latin1.GetBytes(content), expected);

    [Fact]
    public void A_file_cut_within_its_header_is_truncated()
    {
        var file = Compose("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8);
        Refused(file[..20], "truncated");
    }

    [Fact]
    public void A_file_cut_within_its_data_is_truncated_and_names_the_tensor()
    {
        var file = Compose("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8);
        Refused(file[..^3], "tensor 'a' ends at byte 8", "truncated");
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", 12,
        "'a' and 'b' overlap")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "belong to no tensor")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 8, "4 bytes after the last tensor")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", 8, "takes 12 bytes")]
    [InlineData("""{"a":{"dtype":"F31","shape":[2],"data_offsets":[0,8]}}""", 8, "dtype F31 is not known")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", 8, "negative dimension")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}}""", 8, "'a'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2]}}""", 8, "'a'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8,
        "twice")]
    [InlineData("""[1]""", 0, "not an object")]
    [InlineData("""{"a":""", 0, "not JSON")]
    public void A_damaged_header_is_refused_with_the_fault(string header, int data, string expected) =>
        Refused(Compose(header, data), expected);

    [Fact]
    public void A_header_beyond_the_formats_limit_is_refused()
    {
        var file = new byte[64];
        BinaryPrimitives.WriteUInt64LittleEndian(file, ulong.MaxValue / 2);
        Refused(file, "over the format's limit");
    }

    [Fact]
    public void A_tensor_of_a_type_that_cannot_be_held_is_refused_when_it_is_read()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("x.safetensors"), Compose("""{"a":{"dtype":"F8_E4M3","shape":[4],"data_offsets":[0,4]}}""", 4));
        using var file = Safetensors.Open(folder.File("x.safetensors"));
        Assert.Contains("F8_E4M3", Assert.Throws<InvalidDataException>(() => file.Read("a")).Message);
    }

    [Fact]
    public void What_is_written_reads_back_bit_for_bit_in_every_type()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var tensors = new Dictionary<string, Tensor>
        {
            ["f64"] = arange(6, ScalarType.Float64).view(2, 3) / 7,
            ["f32"] = arange(6, ScalarType.Float32).view(3, 2) / 7,
            ["f16"] = (arange(5, ScalarType.Float32) / 7).to(ScalarType.Float16),
            ["bf16"] = (arange(5, ScalarType.Float32) / 7).to(ScalarType.BFloat16),
            ["i64"] = arange(4, ScalarType.Int64) - 2,
            ["i32"] = arange(4, ScalarType.Int32) - 2,
            ["u8"] = arange(3, ScalarType.Byte),
            ["bool"] = arange(3, ScalarType.Int64) > 1,
            ["scalar"] = tensor(2.5f),
            ["none"] = zeros([0, 4]),
            ["transposed"] = arange(6, ScalarType.Float32).view(2, 3).t(),
        };
        SafetensorsWriter.Write(folder.File("x.safetensors"), tensors, new Dictionary<string, string> { ["step"] = "3" });
        using var file = Safetensors.Open(folder.File("x.safetensors"));
        Assert.Equal("3", file.Metadata["step"]);
        Assert.Equal("pt", file.Metadata["format"]);
        Assert.Equal(tensors.Count, file.Entries.Count);
        foreach (var (name, written) in tensors)
        {
            var read = file.Read(name);
            Assert.Equal(written.dtype, read.dtype);
            Assert.Equal(written.shape, read.shape);
            Assert.True(written.numel() == 0 || written.SameAs(read), name);
        }
    }

    [Fact]
    public void A_tensor_is_converted_to_the_type_and_layout_it_is_read_into()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var written = arange(6, ScalarType.Float32).view(2, 3) / 8;
        SafetensorsWriter.Write(folder.File("x.safetensors"), new Dictionary<string, Tensor> { ["a"] = written }, type: ScalarType.Float16);
        using var file = Safetensors.Open(folder.File("x.safetensors"));
        Assert.Equal("F16", file.Entries["a"].DType);
        var target = zeros([3, 2], ScalarType.Float32);
        file.ReadInto("a", target.t());
        Assert.True(target.SameAs(written.t()));
    }

    [Fact]
    public void A_write_that_fails_leaves_the_old_file_and_nothing_else()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var path = folder.File("x.safetensors");
        SafetensorsWriter.Write(path, new Dictionary<string, Tensor> { ["a"] = ones([2]) });
        Directory.CreateDirectory(path + ".partial");
        Assert.Contains(path,
            Assert.Throws<IOException>(() => SafetensorsWriter.Write(path, new Dictionary<string, Tensor> { ["a"] = zeros([2]) })).Message);
        using var file = Safetensors.Open(path);
        Assert.True(file.Read("a").SameAs(ones([2])));
    }

    private static byte[] Compose(string header, int data)
    {
        var bytes = Encoding.UTF8.GetBytes(header);
        var file = new byte[8 + bytes.Length + data];
        BinaryPrimitives.WriteInt64LittleEndian(file, bytes.Length);
        bytes.CopyTo(file, 8);
        return file;
    }

    private static void Refused(byte[] content, params string[] expected)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("x.safetensors"), content);
        var error = Assert.Throws<InvalidDataException>(() => Safetensors.Open(folder.File("x.safetensors")));
        Assert.All(expected, text => Assert.Contains(text, error.Message));
        Assert.Contains("x.safetensors", error.Message);
    }
}
