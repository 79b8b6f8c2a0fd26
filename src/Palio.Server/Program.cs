using Palio.Server.Hosting;

return await ServerProgram.RunAsync(args);
