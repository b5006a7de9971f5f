namespace StellarPay.SingleNode.Tests.SingleNodeOnly;

/// <summary>Orleans' code generator and analyzers refuse these when they compile, so its build could not hold them.</summary>
public sealed class RefusalTests(OneSilo silo) : IClassFixture<OneSilo>
{
    [Fact]
    public void A_message_without_GenerateSerializer_is_refused_and_named() =>
        Refusal<ISendsPlain>().ShouldBe(
            "StellarPay.SingleNode.Tests.SingleNodeOnly.RefusalTests+ISendsPlain is not a grain interface that Orleans "
            + "takes: ISendsPlain.Send: StellarPay.SingleNode.Tests.SingleNodeOnly.RefusalTests+Plain has no "
            + "[GenerateSerializer].");

    [Fact]
    public void A_message_that_holds_one_without_GenerateSerializer_is_refused() =>
        Refusal<ISendsNested>().ShouldContain("Outer.Inner: ");

    [Fact]
    public void A_message_inside_a_list_is_looked_at_too() =>
        Refusal<IReturnsList>().ShouldContain("Plain has no [GenerateSerializer].");

    [Fact]
    public void Two_members_of_one_number_are_refused() =>
        Refusal<ISendsTwice>().ShouldContain("two members with [Id(0)]");

    [Fact]
    public void A_method_that_returns_no_task_is_refused() =>
        Refusal<IReturnsNumber>().ShouldContain(
            "IReturnsNumber.Count returns Int32; a grain method returns Task, Task<T>, ValueTask, ValueTask<T> or "
            + "IAsyncEnumerable<T>.");

    [Fact]
    public void A_method_that_passes_by_reference_is_refused() =>
        Refusal<IPassesReference>().ShouldContain("passes value by reference");

    private string Refusal<T>()
        where T : IGrainWithStringKey =>
        Should.Throw<OrleansConfigurationException>(() => silo.Grains.GetGrain<T>("any")).Message;

    public interface ISendsPlain : IGrainWithStringKey
    {
        Task Send(Plain plain);
    }

    public interface ISendsNested : IGrainWithStringKey
    {
        Task Send(Outer outer);
    }

    public interface IReturnsList : IGrainWithStringKey
    {
        Task<IReadOnlyList<Plain>> All();
    }

    public interface ISendsTwice : IGrainWithStringKey
    {
        Task Send(Twice twice);
    }

    public interface IReturnsNumber : IGrainWithStringKey
    {
        int Count();
    }

    public interface IPassesReference : IGrainWithStringKey
    {
        Task Pass(ref int value);
    }

    public sealed record Plain(string Name);

    [GenerateSerializer]
    public sealed record Outer([property: Id(0)] Plain Inner);

    [GenerateSerializer]
    public sealed record Twice([property: Id(0)] string One, [property: Id(0)] string Two);
}
