using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using StellarPay.Silo.Hosting.Tls;

namespace StellarPay.Silo.Tests.Tls;

/// <summary>By what the processes of a cluster know each other, and how it is replaced.</summary>
public sealed class ClusterCertificatesTests : IDisposable
{
    // X509Chain knows no clock but the machine's.
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    private readonly FakeTimeProvider _time = new(Now);
    private readonly string _folder = Directory.CreateTempSubdirectory("stellarpay-tls-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Processes_with_certificates_of_one_authority_know_each_other()
    {
        DevelopmentAuthority.Write(_folder, Now, days: 1);
        using var one = new ClusterCertificates(_folder, _time);
        using var other = new ClusterCertificates(_folder, _time);

        one.IsOfCluster(other.Own).ShouldBeTrue();
        one.Own.HasPrivateKey.ShouldBeTrue();
    }

    [Fact]
    public void A_certificate_of_another_authority_is_refused_though_its_names_are_the_same()
    {
        DevelopmentAuthority.Write(_folder, Now, days: 1);
        using var ours = new ClusterCertificates(_folder, _time);
        var elsewhere = Path.Combine(_folder, "elsewhere");
        DevelopmentAuthority.Write(elsewhere, Now, days: 1);
        using var theirs = new ClusterCertificates(elsewhere, _time);

        ours.IsOfCluster(theirs.Own).ShouldBeFalse();
    }

    [Fact]
    public void A_certificate_that_has_ended_is_refused()
    {
        DevelopmentAuthority.Write(_folder, Now.AddDays(-3), days: 2);
        using var ended = new ClusterCertificates(_folder, _time);

        ended.IsOfCluster(ended.Own).ShouldBeFalse();
    }

    [Fact]
    public void Files_that_change_are_read_again_and_those_that_cannot_be_read_change_nothing()
    {
        DevelopmentAuthority.Write(_folder, Now, days: 1);
        using var certificates = new ClusterCertificates(_folder, _time);
        var first = certificates.Own.Thumbprint;

        File.WriteAllText(Path.Combine(_folder, "tls.key"), "half of a k");
        _time.Advance(TimeSpan.FromSeconds(2));
        certificates.Own.Thumbprint.ShouldBe(first);

        File.Delete(Path.Combine(_folder, "tls.key"));
        _time.Advance(TimeSpan.FromSeconds(2));
        certificates.Own.Thumbprint.ShouldBe(first);

        DevelopmentAuthority.Write(_folder, Now, days: 1);
        certificates.Own.Thumbprint.ShouldBe(first);
        _time.Advance(TimeSpan.FromSeconds(2));
        certificates.Own.Thumbprint.ShouldNotBe(first);
        certificates.IsOfCluster(certificates.Own).ShouldBeTrue();
    }

    [Fact]
    public void While_an_authority_is_replaced_both_are_believed()
    {
        DevelopmentAuthority.Write(_folder, Now, days: 1);
        var before = File.ReadAllText(Path.Combine(_folder, "ca.crt"));
        using var old = X509Certificate2.CreateFromPemFile(Path.Combine(_folder, "tls.crt"), Path.Combine(_folder, "tls.key"));
        DevelopmentAuthority.Write(_folder, Now, days: 1);
        File.AppendAllText(Path.Combine(_folder, "ca.crt"), before);
        using var certificates = new ClusterCertificates(_folder, _time);

        certificates.IsOfCluster(old).ShouldBeTrue();
        certificates.IsOfCluster(certificates.Own).ShouldBeTrue();
    }

    [Theory]
    [InlineData("tls.crt", null)]
    [InlineData("tls.key", null)]
    [InlineData("ca.crt", null)]
    [InlineData("tls.crt", "nothing")]
    [InlineData("tls.key", "nothing")]
    [InlineData("ca.crt", "nothing")]
    public void A_folder_without_them_stops_the_start_and_says_which_setting_it_is(string file, string? content)
    {
        DevelopmentAuthority.Write(_folder, Now, days: 1);
        File.Delete(Path.Combine(_folder, file));
        if (content is not null)
        {
            File.WriteAllText(Path.Combine(_folder, file), content);
        }

        var refused = Should.Throw<OptionsValidationException>(() => new ClusterCertificates(_folder, _time));

        refused.Failures.ShouldHaveSingleItem().ShouldStartWith("STELLARPAY_CLUSTER_TLS must be a folder with tls.crt, tls.key, ca.crt in PEM: ");
    }

    [Fact]
    public void The_key_is_for_its_owner_alone()
    {
        DevelopmentAuthority.Write(_folder, Now, days: 1);

        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(Path.Combine(_folder, "tls.key")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }
}
