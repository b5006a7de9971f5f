using StellarPay.Sandbox.Replay;

namespace StellarPay.Sandbox.Tests.Replay;

public sealed class StoryReplayTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Vectors", "stellar-core-19");

    public static TheoryData<string> Files =>
        [.. Directory.GetFiles(Folder, "*.json").Select(file => Path.GetFileName(file))];

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_story_of_a_real_stellar_core_ends_as_it_did_there(string file) =>
        new StoryReplay(Read(file)).FirstDifference().ShouldBeNull();

    [Fact]
    public void A_story_with_another_fee_is_found_to_differ_at_that_step()
    {
        var story = Read("payments-1.json");
        var steps = story.Steps.ToArray();
        var place = Array.FindIndex(steps, step => step.FeeCharged > 0);
        steps[place] = steps[place] with { FeeCharged = steps[place].FeeCharged + 1 };

        new StoryReplay(story with { Steps = steps }).FirstDifference()
            .ShouldNotBeNull()
            .ShouldStartWith($"step {place + 1} ({steps[place].What}, hash {steps[place].Hash}): expected a fee of");
    }

    [Fact]
    public void A_story_with_another_result_is_found_to_differ_and_shows_both_decoded()
    {
        var story = Read("payments-1.json");
        var steps = story.Steps.ToArray();
        var refused = Array.FindIndex(steps, step => step.Status == "ERROR");
        var accepted = Array.FindIndex(steps, step => step.Status == "PENDING");
        steps[refused] = steps[refused] with { Result = steps[accepted].Result };

        var difference = new StoryReplay(story with { Steps = steps }).FirstDifference().ShouldNotBeNull();

        difference.ShouldContain("expected result Success");
        difference.ShouldContain($"({steps[accepted].Result})");
    }

    [Fact]
    public void A_story_with_another_final_state_is_found_to_differ_at_the_end()
    {
        var story = Read("dex-1.json");

        new StoryReplay(story with { Final = story.Final with { Offers = [] } }).FirstDifference()
            .ShouldNotBeNull()
            .ShouldStartWith("final state: offer: expected no more, found {\"id\":");
    }

    [Fact]
    public async Task The_command_prints_a_line_for_each_file_and_fails_if_one_cannot_be_read()
    {
        var output = new StringWriter();
        var missing = Path.Combine(Folder, "no-such-story.json");

        var exit = await ReplayCommand.RunAsync(
            [Path.Combine(Folder, "claimable-1.json"), missing], output, TestContext.Current.CancellationToken);

        exit.ShouldBe(1);
        var lines = output.ToString().Split(Environment.NewLine);
        lines[0].ShouldMatch("^claimable-1.json: agrees in all [0-9]+ steps and the final state$");
        lines[1].ShouldStartWith("no-such-story.json: cannot be read: ");
    }

    private static Story Read(string file)
    {
        using var json = File.OpenRead(Path.Combine(Folder, file));
        return Story.Parse(json);
    }
}
