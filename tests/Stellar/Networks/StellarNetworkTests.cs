namespace StellarPay.Stellar.Tests.Networks;

public class StellarNetworkTests
{
    // Network ids as the official JS SDK computes them.
    [Fact]
    public void The_network_id_is_the_hash_of_the_passphrase()
    {
        StellarNetwork.Public.Id.ToString()
            .ShouldBe("7ac33997544e3175d266bd022439b22cdb16508c01163f26e5cb2a3e1045a979");
        StellarNetwork.Testnet.Id.ToString()
            .ShouldBe("cee0302d59844d32bdca915c8203dd44b33fbb7edc19051ea37abedf28ecd472");
    }

    [Fact]
    public void Networks_are_equal_by_passphrase()
    {
        new StellarNetwork("Test SDF Network ; September 2015").ShouldBe(StellarNetwork.Testnet);
        StellarNetwork.Public.ShouldNotBe(StellarNetwork.Testnet);
    }

    [Fact]
    public void A_network_has_a_passphrase()
    {
        Should.Throw<ArgumentException>(() => new StellarNetwork(""));
        Should.Throw<ArgumentException>(() => new StellarNetwork(new string('x', 1025)));
    }
}
