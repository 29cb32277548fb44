using Rer.Cli;

namespace Rer.Engine.Tests.Cli;

public sealed class CorrelateCommandTests : IDisposable
{
    private readonly CommandLine _rer = new();

    public void Dispose() => _rer.Dispose();

    [Fact]
    public void Two_columns_give_rho_p_and_tau()
    {
        var (exit, output, _) = _rer.Run(["correlate"], "proxy,gold\n1,2\n2,1\n3,4\n4,3\n5,5\n");
        Assert.Equal(ExitCode.Ok, exit);
        Assert.Equal("n    5\nrho  0.8\np    0.104088 (t approximation)\np    0.133333 (exact)\ntau  0.6\n", output);
    }

    [Fact]
    public void A_constant_column_is_said_to_have_no_correlation()
    {
        var (exit, output, _) = _rer.Run(["correlate"], "1 2\n1 3\n1 4\n");
        Assert.Equal(ExitCode.Ok, exit);
        Assert.Equal("n    3\nrho  not defined: a constant column has no correlation\n", output);
    }

    [Fact]
    public void A_line_that_is_not_two_numbers_is_named()
    {
        var (exit, _, error) = _rer.Run(["correlate"], "1 2\n1 2 3\n");
        Assert.Equal(ExitCode.Failed, exit);
        Assert.Equal("standard input, line 2: '1 2 3' is not two numbers.\n", error);
    }

    [Fact]
    public void A_value_that_is_NaN_is_said_to_be_the_reason()
    {
        var (exit, output, _) = _rer.Run(["correlate"], "1 2\n2 NaN\n3 4\n5 6\n");
        Assert.Equal((ExitCode.Ok, "n    4\nrho  not defined: a value is NaN\n"), (exit, output));
    }

    [Theory]
    [InlineData("0.5,NA\n1,2\n2,3\n3,1\n", "standard input, line 1: '0.5,NA' is not two numbers.\n")]
    [InlineData("1\n1,2\n2,3\n", "standard input, line 1: '1' is not two numbers.\n")]
    public void A_first_line_with_a_number_is_data(string input, string expected) =>
        Assert.Equal((ExitCode.Failed, expected), (_rer.Run(["correlate"], input).Exit, _rer.Run(["correlate"], input).Error));

    [Fact]
    public void Infinity_as_Python_prints_it_is_a_number()
    {
        var (exit, output, _) = _rer.Run(["correlate"], "proxy gold\n1 2\n2 inf\n3 4\n-inf 1\n");
        Assert.Equal(ExitCode.Ok, exit);
        Assert.StartsWith("n    4\nrho  0.8\n", output);
    }

    [Fact]
    public void A_line_without_an_end_is_given_up() =>
        Assert.StartsWith(
            "standard input, line 2: more than 1000 characters.", _rer.Run(["correlate"], "1 2\n" + new string('1', 5000)).Error);

    [Fact]
    public void Too_few_lines_are_said_so() =>
        Assert.Equal("standard input: 1 pairs of numbers. A correlation needs two or more.\n", _rer.Run(["correlate"], "1 2\n").Error);
}
