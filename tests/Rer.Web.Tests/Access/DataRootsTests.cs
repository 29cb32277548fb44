using Rer.Engine.Options;
using Rer.Engine.Rewards;
using Rer.Engine.Runs.Planning;
using Rer.Web.Access;

namespace Rer.Web.Tests.Access;

public sealed class DataRootsTests
{
    private static readonly DataRoots _roots = new(["/srv/store", "/srv/models/"]);

    [Theory]
    [InlineData("/srv/store", true)]
    [InlineData("/srv/store/library/a/b", true)]
    [InlineData("/srv/models/llama", true)]
    [InlineData("/srv/models/../models/llama", true)]
    [InlineData("/srv/store/../secret", false)]
    [InlineData("/srv/store2", false)]
    [InlineData("/srv", false)]
    [InlineData("/", false)]
    [InlineData("/etc/passwd", false)]
    [InlineData("/srv/store/a\0b", false)]
    public void A_path_is_below_a_folder_or_it_is_not(string path, bool allowed) => Assert.Equal(allowed, _roots.Allows(path));

    [Fact]
    public void Every_path_of_a_plan_that_lies_elsewhere_is_named_alike_whether_it_exists_or_not()
    {
        var plan = new RunPlan
        {
            Design = RewardDesign.Parse("LI"),
            Policy = "/etc",
            Data = "/etc/hostname",
            EvaluationData = "/no/such/file",
            Gold = "dpo:/usr,reference=/no/such/folder,template=/var/lib",
            Relevance = "contriever:/no/such",
        };
        string[] expected =
        [
            "policy /etc folder", "data /etc/hostname file", "eval-data /no/such/file file", "relevance /no/such folder",
            "gold /usr folder", "gold /no/such/folder folder", "gold /var/lib folder",
        ];
        Assert.Equal(
            expected.Select(e => e.Split(' ')).Select(e => new PlanError(
                e[0], e[1],
                $"is not a {e[2]} that this dashboard reads: it reads its store and library, what ships with Rer, and folders that "
                    + "--data-root named when it was started.")),
            _roots.Problems(plan));
        Assert.DoesNotContain(_roots.Validate(plan),
            error => error.Option is "policy" or "data" && !error.Message.Contains("--data-root", StringComparison.Ordinal));
        Assert.Throws<PlanException>(() => _roots.Require(plan));
    }

    [Fact]
    public void Servers_names_and_what_is_left_out_are_no_paths()
    {
        var plan = new RunPlan
        {
            Design = RewardDesign.Parse("LI"),
            Policy = "/srv/models/a",
            Data = "",
            Gold = "openrlhf:http://host:5000,template=llama-2",
            Relevance = "lexical",
        };
        Assert.Empty(_roots.Problems(plan));
    }
}
