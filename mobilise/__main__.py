from mobilise.cli import app

app(prog_name="mobilise")
