using System.Text.Json;
using System.Text.Json.Nodes;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.EvalAi.Challenges;
using Palio.Server.EvalAi.Wire;
using Palio.Server.Hosting;

namespace Palio.Server.EvalAi.Workers;

/// <summary>
/// The challenge of a queue, as a worker asks for it when it starts: what everybody reads, and EvalAI's settings of its clusters, which
/// say what EvalAI says of a challenge that never asked for one.
/// </summary>
internal static class WorkerChallenge
{
    public static async Task<IResult> ReadAsync(
        string queue, WorkerAccess access, CurrentUser caller, PalioDbContext db, InstanceAddress address, TimeProvider time, CancellationToken cancellationToken)
    {
        var challenge = await access.OfQueueAsync(queue, cancellationToken);
        var row = await ChallengeRow.ReadAsync(challenge.Id, caller, db, cancellationToken);
        var shown = JsonSerializer.SerializeToNode(EvalAiChallenge.From(row, true, address.PublicUrl, time.GetUtcNow()), EvalAiJson.Options)!.AsObject(); // an object is what it is
        foreach (var (key, value) in Clusters())
        {
            shown.TryAdd(key, value);
        }

        shown["queue"] = challenge.Queue;
        return EvalAiResults.Json(shown);
    }

    private static Dictionary<string, JsonNode?> Clusters() => new()
    {
        ["evaluation_script"] = null,
        ["vpc_cidr"] = "",
        ["subnet_1_cidr"] = "",
        ["subnet_2_cidr"] = "",
        ["worker_ami_type"] = "AL2_x86_64_GPU",
        ["worker_disk_size"] = 100,
        ["max_worker_instance"] = 10,
        ["min_worker_instance"] = 1,
        ["desired_worker_instance"] = 1,
    };
}
