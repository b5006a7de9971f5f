namespace StellarPay.SingleNode.Tests.Observers;

public sealed class ObserverTests(OneSilo silo) : IClassFixture<OneSilo>
{
    [Fact]
    public async Task An_observer_hears_all_that_a_grain_says()
    {
        var observer = new Listener();
        var reference = silo.Grains.CreateObjectReference<IListener>(observer);
        var grain = silo.Grains.GetGrain<ISpeaker>("observe_all");
        await grain.Subscribe(reference);

        await grain.Say("one", "two", "three");

        await Eventually.Holds(() => observer.Heard.Length == 3, "the observer heard three words");
        observer.Heard.ShouldBe(["one", "two", "three"], ignoreOrder: true);
        GC.KeepAlive(observer);
    }

    [Fact]
    public async Task A_grain_can_wait_for_an_observer_and_gets_its_exception()
    {
        var observer = new Listener { Fails = true };
        var reference = silo.Grains.CreateObjectReference<IListener>(observer);
        var grain = silo.Grains.GetGrain<ISpeaker>("observe_fails");
        await grain.Subscribe(reference);

        (await grain.Ask("are you there?")).ShouldBe("InvalidOperationException: no");
        GC.KeepAlive(observer);
    }

    [Fact]
    public async Task An_observer_whose_reference_was_deleted_cannot_be_reached()
    {
        var observer = new Listener();
        var reference = silo.Grains.CreateObjectReference<IListener>(observer);
        var grain = silo.Grains.GetGrain<ISpeaker>("observe_deleted");
        await grain.Subscribe(reference);
        await grain.Say("before");
        await Eventually.Holds(() => observer.Heard.Length == 1, "the observer heard a word");

        silo.Grains.DeleteObjectReference<IListener>(reference);

        (await AnswerAsync(grain)).ShouldNotBe("yes");
        observer.Heard.ShouldBe(["before"]);
    }

    [Fact]
    public async Task A_grain_that_is_an_observer_hears_in_turns_of_its_own()
    {
        var hearing = silo.Grains.GetGrain<IHearing>("observe_grain");
        var speaker = silo.Grains.GetGrain<ISpeaker>("observe_speaker");
        await hearing.ListenTo(speaker);

        await speaker.Say("hello");

        await Eventually.Holds(async () => (await hearing.Heard()).Contains("hello"), "the grain heard it");
    }

    [Fact]
    public void An_object_reference_is_not_made_of_a_reference()
    {
        var reference = silo.Grains.CreateObjectReference<IListener>(new Listener());

        Should.Throw<ArgumentException>(() => silo.Grains.CreateObjectReference<IListener>(reference));
    }

    // Orleans drops the question, so the grain gives up waiting just when its own caller does.
    private static async Task<string> AnswerAsync(ISpeaker grain)
    {
        try
        {
            return await grain.Ask("are you there?");
        }
        catch (TimeoutException)
        {
            return "no answer in time";
        }
    }

    private sealed class Listener : IListener
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<string> _heard = new();

        public bool Fails { get; init; }

        public string[] Heard => [.. _heard];

        public void Hear(string word) => _heard.Enqueue(word);

        public async Task<string> Answer(string question)
        {
            await Task.Yield();
            return Fails ? throw new InvalidOperationException("no") : "yes";
        }
    }
}

[Alias("tests.IListener")]
public interface IListener : IGrainObserver
{
    [Alias("Hear")]
    void Hear(string word);

    [Alias("Answer")]
    Task<string> Answer(string question);
}

[Alias("tests.ISpeaker")]
public interface ISpeaker : IGrainWithStringKey
{
    [Alias("Subscribe")]
    Task Subscribe(IListener listener);

    [Alias("Say")]
    Task Say(params string[] words);

    [Alias("Ask")]
    Task<string> Ask(string question);
}

[Alias("tests.IHearing")]
public interface IHearing : IGrainWithStringKey, IListener
{
    [Alias("ListenTo")]
    Task ListenTo(ISpeaker speaker);

    [Alias("Heard")]
    Task<List<string>> Heard();
}

public sealed class SpeakerGrain : Grain, ISpeaker
{
    private IListener? _listener;

    public Task Subscribe(IListener listener)
    {
        _listener = listener;
        return Task.CompletedTask;
    }

    public Task Say(params string[] words)
    {
        foreach (var word in words)
        {
            _listener!.Hear(word);
        }

        return Task.CompletedTask;
    }

    public async Task<string> Ask(string question)
    {
        try
        {
            return await _listener!.Answer(question);
        }
        catch (Exception error)
        {
            return $"{error.GetType().Name}: {error.Message}";
        }
    }
}

public sealed class HearingGrain : Grain, IHearing
{
    private readonly List<string> _heard = [];

    public Task ListenTo(ISpeaker speaker) => speaker.Subscribe(this.AsReference<IListener>());

    public Task<List<string>> Heard() => Task.FromResult(_heard);

    public void Hear(string word) => _heard.Add(word);

    public Task<string> Answer(string question) => Task.FromResult("yes");
}
